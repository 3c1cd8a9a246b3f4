#include "http/origin.h"

#include <fmt/format.h>

namespace evodb {

std::string origin::host_header() const {
  const std::string text = host.find(':') == host.npos ? host : "[" + host + "]";
  const bool is_usual = port == (is_tls ? 443 : 80);
  return is_usual ? text : fmt::format("{}:{}", text, port);
}

bool is_loopback(std::string_view host) noexcept {
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

}  // namespace evodb
