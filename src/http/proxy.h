#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/environment_variables.h"

namespace evodb {

/// An HTTP proxy, as the environment names it.
struct proxy {
  std::string host;
  std::uint16_t port = 80;
  std::string named_by;       ///< the variable
  std::string authorization;  ///< "user:password" as the URL has it, decoded; empty: none
};

/// The proxy for a host, by https_proxy or HTTPS_PROXY (http_proxy for plain http, where the upper case may be a request's
/// header in disguise), ALL_PROXY, and no_proxy or NO_PROXY: names, also of what lies below them (".name" and "*.name" are
/// the same), "name:port", addresses, networks ("10.0.0.0/8"), "*", with commas or blanks between. Never one for this
/// machine itself. Throws INVALID_ARGUMENT naming a variable that holds no http:// URL.
std::optional<proxy> find_proxy(std::string_view host, std::uint16_t port, bool is_tls,
                                const environment_variables &environment);

}  // namespace evodb
