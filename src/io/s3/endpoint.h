#pragma once

#include <string>
#include <string_view>

#include "http/origin.h"

namespace evodb {

/// Where a bucket is reached.
struct endpoint {
  origin server;
  std::string path_prefix;  ///< "" or "/some/where", before the bucket or the key
  std::string bucket;
  bool is_path_style = true;  ///< the bucket is in the path, not before the host's name

  /// Of "https://host[:port][/prefix]". Throws INVALID_ARGUMENT on another scheme, on user names and queries, and on plain http
  /// to a host that is not this machine unless `allows_http`.
  static endpoint parse(std::string_view url, std::string bucket, bool is_path_style, bool allows_http);
  /// Cloudflare's own: https://ACCOUNT[.JURISDICTION].r2.cloudflarestorage.com.
  static endpoint of_account(std::string_view account_id, std::string_view jurisdiction, std::string bucket);

  /// Whether it is one of R2's own, whose conditional put is known to be exclusive.
  bool is_cloudflares() const noexcept;
  /// What connections go to: the server, under the bucket's own name where that is not in the path.
  origin of_bucket() const;
  /// The path of an object, or of the bucket for an empty key.
  std::string path_of(std::string_view key) const;
};

}  // namespace evodb
