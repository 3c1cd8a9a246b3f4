#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace evodb::r2 {

/// An HTTP proxy, as the environment names it.
struct proxy {
  std::string host;
  std::uint16_t port = 80;
  std::string authorization;  ///< "user:password" as the URL has it, decoded; empty: none
};

/// What an environment variable holds; null if it is not set.
using environment_variables = std::function<std::optional<std::string>(const char *name)>;

/// The proxy for a host, by https_proxy or HTTPS_PROXY (http_proxy for plain http, where the upper case may be a request's
/// header in disguise), ALL_PROXY, and no_proxy: names, ".suffixes", "*". Never one for this machine itself. Throws
/// INVALID_ARGUMENT naming a variable that holds no http:// URL.
std::optional<proxy> find_proxy(std::string_view host, bool is_tls, const environment_variables &environment);

}  // namespace evodb::r2
