#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "io/object_store.h"

namespace evodb {

/// The XML bodies of S3's answers, read with mistrust: whatever is not what it should be is CORRUPT, or for an error's body
/// nothing at all, since what stands between us and the store may answer in HTML.

/// An ETag without its quotes and the mark of a weak one.
std::string unquoted(std::string_view etag);

/// A text of an answer as messages may hold it: at most so many bytes, on one line, without control characters.
std::string printable(std::string_view text, std::size_t longest);

/// <Error> of any answer, made printable; empty where the body is none.
struct refusal {
  std::string code;  ///< "PreconditionFailed"
  std::string message;
  std::string endpoint, region;  ///< of a redirect: where the bucket is
};
refusal read_refusal(byte_view body);

/// A page of ListObjectsV2. Keys are decoded where the answer says that they are encoded. Times that cannot be read are 0.
struct listing_page {
  listing found;
  std::string next;  ///< continuation token; empty on the last page
};
listing_page read_listing(byte_view body, std::string_view subject);

/// A page of ListMultipartUploads: keys, and when each was begun; without their sizes.
struct uploads_page {
  std::vector<object_meta> found;
  std::string next_key, next_id;  ///< markers; empty on the last page
};
uploads_page read_uploads(byte_view body, std::string_view subject);

/// The body of DeleteObjects.
bytes write_deletion(const std::vector<std::string> &keys);
/// The first key of its answer that could not be deleted, with why. Null when all are gone.
struct undeleted {
  std::string key;
  refusal why;
};
std::optional<undeleted> read_deletion(byte_view body, std::string_view subject);

/// The id of CreateMultipartUpload's answer.
std::string read_upload_id(byte_view body, std::string_view subject);
/// The body of CompleteMultipartUpload: ETags of the parts 1, 2, …
bytes write_completion(const std::vector<std::string> &etags);
/// The ETag of its answer, which no other answer of status 200 has.
std::string read_completion(byte_view body, std::string_view subject);

}  // namespace evodb
