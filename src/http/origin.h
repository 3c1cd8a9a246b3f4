#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace evodb {

/// What a server is reached by (RFC 9110, 4.3.1).
struct origin {
  bool is_tls = true;
  std::string host;  ///< a name, which is also the one that a certificate has to bear, or an address without brackets
  std::uint16_t port = 443;

  /// With the port where it is not the scheme's own.
  std::string host_header() const;
};

/// Whether a host is this machine itself by its very name.
bool is_loopback(std::string_view host) noexcept;

}  // namespace evodb
