#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/http_request.h"

namespace evodb {

/// Where a bucket is reached.
struct endpoint {
  bool is_tls = true;
  std::string host;  ///< of the connection: a name, or an address without brackets
  std::uint16_t port = 443;
  std::string path_prefix;  ///< "" or "/some/where", before the bucket or the key
  std::string bucket;
  bool is_path_style = true;  ///< the bucket is in the path, not in the host's name

  /// Of "https://host[:port][/prefix]". Throws INVALID_ARGUMENT on another scheme, on user names and queries, and on plain http
  /// to a host that is not this machine unless `allows_http`.
  static endpoint parse(std::string_view url, std::string bucket, bool is_path_style, bool allows_http);
  /// Cloudflare's own: https://ACCOUNT[.JURISDICTION].r2.cloudflarestorage.com.
  static endpoint of_account(std::string_view account_id, std::string_view jurisdiction, std::string bucket);

  /// Whether it is one of R2's own, whose conditional put is known to be exclusive.
  bool is_cloudflares() const noexcept;
  /// The name that the server's certificate has to bear, which is also that of the Host header.
  std::string server_name() const;
  /// With the port where it is not the scheme's own.
  std::string host_header() const;
  /// The path of an object, or of the bucket for an empty key.
  std::string path_of(std::string_view key) const;
};

/// Whether a host is this machine itself by its very name.
bool is_loopback(std::string_view host) noexcept;

}  // namespace evodb
