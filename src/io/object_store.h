#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/location.h"
#include "io/byte_source.h"
#include "io/store_counter.h"
#include "runtime/runtime.h"
#include "runtime/task.h"

namespace evodb {

/// A part of an object. It is clipped to what there is: a range that begins at or behind the end reads nothing.
struct byte_range {
  std::int64_t offset = 0;   ///< negative: that many bytes from the end (length is then ignored)
  std::int64_t length = -1;  ///< -1: to the end
  byte_range() = default;
  byte_range(std::int64_t offset_, std::int64_t length_) : offset(offset_), length(length_) {}

  /// The same bytes of an object of that size as an offset and a length within it.
  byte_range within(std::int64_t size) const noexcept;
};

struct object_meta {
  std::string key;
  std::int64_t size = 0;
  std::string etag;  ///< without quotes; the MD5 of the content in hex where the store says so; empty if not reported
  std::int64_t last_modified_ms = 0;  ///< 0: unknown
  std::vector<std::pair<std::string, std::string>> user_metadata;
};

struct object {
  object_meta meta;  ///< of the whole object, also when a range was read
  bytes body;
  std::optional<std::int64_t> server_now_ms;  ///< the store's clock at its answer, where it is reported
};

/// When a put may take place.
struct put_condition {
  enum class kind { always, if_absent, if_match };
  kind when = kind::always;
  std::string etag;  ///< of if_match
  put_condition() = default;
  put_condition(kind k, std::string tag = {}) : when(k), etag(std::move(tag)) {}
};

struct put_options {
  put_condition condition;
  std::string content_type = "application/octet-stream";
  std::vector<std::pair<std::string, std::string>> user_metadata;
  /// The time by the store's clock with which it shall see this request signed (epoch ms); none: now. The commit
  /// signs with the time at which its base was confirmed, so that the store itself refuses a stalled writer.
  std::optional<std::int64_t> signed_at_ms;
  /// Whether the store may repeat the request by itself when the answer is lost. Never for a commit.
  bool may_repeat = true;
  put_options() = default;
  explicit put_options(put_condition c) : condition(std::move(c)) {}
};

/// What became of a put, as a value: a condition that does not hold and an answer that never came are expected.
struct put_outcome {
  enum class kind {
    done,     ///< durable, by this call
    exists,   ///< the condition does not hold. It may be this very put that made it so, by an earlier or hidden copy of
              ///< the request
    failed,   ///< refused, nothing written, by the first and only copy of the request: `reason` says why
    unknown,  ///< may or may not have been written, now or later: `reason` says why
  };
  kind what = kind::unknown;
  std::string etag;             ///< with done
  std::optional<error> reason;  ///< with failed and unknown
  put_outcome() = default;
  put_outcome(kind k, std::string tag) : what(k), etag(std::move(tag)) {}
  put_outcome(kind k, error why) : what(k), reason(std::move(why)) {}
};

struct list_options {
  std::string prefix;
  std::string delimiter;    ///< "" or "/": then what lies deeper is summed up in common_prefixes
  std::string start_after;  ///< objects and common prefixes that are not above it are left out
  std::int64_t limit = -1;  ///< of objects and common prefixes together; -1: all pages
};

/// Both in the byte order of keys.
struct listing {
  std::vector<object_meta> objects;
  std::vector<std::string> common_prefixes;
};

/// Where objects are kept: five verbs, one of them in two forms, and a condition. Keys are verbatim, relative to the
/// store's root. Shared and immutable: any thread. get and head give null for an object that is not there; every other
/// failure is an exception with code, key and the store's answer.
class object_store {
 public:
  /// `identity`: the same for all stores that show the same objects to the same user, for caches; empty: it has none of its
  /// like.
  explicit object_store(std::string identity = {});
  virtual ~object_store() = default;

  const std::string &identity() const noexcept { return identity_; }

  virtual task<std::optional<object>> get(std::string key, byte_range range) = 0;
  /// As get, without the ETag where it would have to be computed.
  virtual task<std::optional<object>> get_content(std::string key, byte_range range) {
    return get(std::move(key), range);
  }
  virtual task<std::optional<object_meta>> head(std::string key) = 0;
  virtual task<put_outcome> put(std::string key, std::shared_ptr<const bytes> body, put_options options) = 0;
  /// As put, of content that need not be in memory at once. The ETag of what was stored in parts is not its MD5.
  virtual task<put_outcome> upload(std::string key, std::shared_ptr<byte_source> content, put_options options);
  virtual task<listing> list(list_options options) = 0;
  /// Absent keys are no error. Throws naming the first key that could not be deleted; others may be gone.
  virtual task<> remove(std::vector<std::string> keys) = 0;

  /// What is left directly below a prefix that ends with "/" of writes that never ended, and no listing shows:
  /// a local folder's temporary files, other stores' uploads in parts. Writes under way are among them. Throws UNSUPPORTED
  /// where the store does not list them.
  virtual task<std::vector<object_meta>> list_unfinished(std::string) { co_return std::vector<object_meta>(); }

  /// Where a write may be seen before it is durable: makes what is under the key so, or throws.
  virtual task<> make_durable(std::string) { co_return; }

  /// One object may have several names where the store has links, or spellings that it takes for one. Where it has none,
  /// the three questions below need not be asked.
  virtual bool may_have_other_names() const noexcept { return false; }
  /// Whether two keys of objects or folders name the same one.
  virtual task<bool> is_same(std::string key, std::string other) { co_return key == other; }
  /// The key without links; the key itself where nothing is there.
  virtual task<std::string> canonical_key(std::string key) { co_return key; }
  /// Whether an object has other names that `canonical_key` does not lead back to one.
  virtual task<bool> has_other_names(std::string) { co_return false; }

  /// Scheme and authority under which metadata names the objects here; `location.key` of the root is empty.
  virtual const location &root() const noexcept = 0;
  /// Whether `put_condition::if_absent` is known to be exclusive by construction (local folder, memory, R2's own
  /// endpoints).
  virtual bool creates_exclusively() const noexcept = 0;
  /// How long to leave between two writes of one key.
  virtual std::chrono::nanoseconds rewrite_interval() const noexcept { return std::chrono::nanoseconds(0); }
  /// How far its clock is ahead of this machine's, where it has shown so by refusing a request.
  virtual std::int64_t clock_ahead_ms() const noexcept { return 0; }
  /// 0 where there are no requests.
  virtual std::int64_t count_of(store_counter) const noexcept { return 0; }

 private:
  const std::string identity_;
};

/// The whole object. Throws NOT_FOUND naming its location, CORRUPT when it is larger than `limit_bytes`.
task<object> get_whole(object_store &store, std::string key, std::int64_t limit_bytes);
/// The same, without the ETag where it would have to be computed.
task<object> get_whole_content(object_store &store, std::string key, std::int64_t limit_bytes);

}  // namespace evodb
