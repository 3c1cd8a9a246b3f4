#include "http/http_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

#include "base/error.h"

namespace evodb {
namespace {

bool ends_url(char c) noexcept {
  return c == '?' || c == '#' || c == '\x7f' || static_cast<unsigned char>(c) <= ' ';
}

/// Without what may be a secret: a user, a query.
std::string shown(std::string_view url) {
  const std::size_t host = url.rfind('@');
  if (host != url.npos) url.remove_prefix(host + 1);
  return std::string(url.begin(), std::find_if(url.begin(), url.end(), ends_url));
}

/// What a URL has that none of these should; null: nothing.
const char *flaw_of(std::string_view url) {
  if (url.starts_with('"') || url.starts_with('\'')) return "has quotes around it, which are no part of it";
  if (url.find("://") == url.npos) return "has no scheme, such as https://";
  if (!url.starts_with("https://") && !url.starts_with("http://")) return "is no https:// or http:// URL";
  // What ends a line would also end the Host header's, or a proxy's CONNECT.
  if (url.find('@') != url.npos || std::any_of(url.begin(), url.end(), ends_url))
    return "has a user, a query, a space or a control character";
  return nullptr;
}

/// 0 for what is no port. Boost 1.81's own reading of it lets 99999 pass as 34463.
std::uint16_t port_of(std::string_view digits) noexcept {
  std::uint16_t port = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return port;
}

}  // namespace

http_url http_url::parse(std::string_view what, std::string_view url) {
  const auto refuse = [&](const char *why) {
    fail(status::INVALID_ARGUMENT, fmt::format("{} {}: {}", what, why, shown(url)), shown(url));
  };
  if (const char *flaw = flaw_of(url)) refuse(flaw);
  const auto read = boost::urls::parse_uri(url);
  // Boost 1.81 takes "x" for the path of "https://host:1x".
  const bool has_tail = read && !read->encoded_path().empty() && !read->is_path_absolute();
  if (!read || has_tail || (read->has_port() && port_of(read->port()) == 0))
    refuse("has an address without its brackets, a port that is none, or a character that is to be written as %XX");
  const auto host = read->encoded_host_address();
  if (host.empty()) refuse("has no host");
  http_url made;
  made.server.is_tls = url.starts_with("https:");
  made.server.host.assign(host.begin(), host.end());
  made.server.port = read->has_port() ? port_of(read->port()) : made.server.is_tls ? 443 : 80;
  made.path = read->path();
  while (made.path.ends_with('/')) made.path.pop_back();
  return made;
}

}  // namespace evodb
