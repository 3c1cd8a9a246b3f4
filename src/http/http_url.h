#pragma once

#include <string>
#include <string_view>

#include "http/origin.h"

namespace evodb {

/// "http[s]://host[:port][/path]", as settings name servers.
struct http_url {
  origin server;
  std::string path;  ///< decoded, without slashes at its end: "" or "/some/where"

  /// Throws INVALID_ARGUMENT on anything else, and on user names and queries: `what`, such as "the endpoint", then what is
  /// wrong with it, then the URL without what may be a secret.
  static http_url parse(std::string_view what, std::string_view url);
};

}  // namespace evodb
