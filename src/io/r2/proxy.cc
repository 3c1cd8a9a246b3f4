#include "io/r2/proxy.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text_cursor.h"
#include "io/r2/endpoint.h"
#include "io/r2/http_request.h"

namespace evodb::r2 {
namespace {

struct setting {
  const char *name;
  std::string text;
};

std::optional<setting> first_of(std::initializer_list<const char *> names, const environment_variables &environment) {
  for (const char *name : names) {
    std::optional<std::string> text = environment(name);
    if (text && !text->empty()) return setting{name, std::move(*text)};
  }
  return std::nullopt;
}

bool is_excepted(std::string_view host, std::string_view exceptions) {
  while (!exceptions.empty()) {
    const std::size_t comma = std::min(exceptions.find(','), exceptions.size());
    std::string_view one = trimmed(exceptions.substr(0, comma));
    exceptions.remove_prefix(std::min(comma + 1, exceptions.size()));
    if (one == "*") return true;
    while (one.starts_with('.')) one.remove_prefix(1);
    if (one.empty() || one.size() > host.size()) continue;
    const bool is_whole = one.size() == host.size() || host[host.size() - one.size() - 1] == '.';
    if (is_whole && is_same_name(host.substr(host.size() - one.size()), one)) return true;
  }
  return false;
}

}  // namespace

std::optional<proxy> find_proxy(std::string_view host, bool is_tls, const environment_variables &environment) {
  if (is_loopback(host)) return std::nullopt;
  const std::optional<setting> exceptions = first_of({"no_proxy", "NO_PROXY"}, environment);
  if (exceptions && is_excepted(host, exceptions->text)) return std::nullopt;
  std::optional<setting> named =
      is_tls ? first_of({"https_proxy", "HTTPS_PROXY"}, environment) : first_of({"http_proxy"}, environment);
  if (!named) named = first_of({"all_proxy", "ALL_PROXY"}, environment);
  if (!named) return std::nullopt;
  proxy made;
  std::string url = named->text;
  if (url.find("://") == url.npos) url = "http://" + url;
  const std::size_t begin = url.find("://") + 3;
  const std::size_t at = url.rfind('@');
  if (at != url.npos && at > begin) {
    made.authorization = decoded(std::string_view(url).substr(begin, at - begin)).value_or("");
    url.erase(begin, at + 1 - begin);
  }
  // Its text may hold a password, so no message repeats it.
  if (!url.starts_with("http://"))
    fail(status::INVALID_ARGUMENT, fmt::format("{} names no proxy of http://", named->name), named->name);
  try {
    const endpoint parsed = endpoint::parse(url, {}, true, true);
    made.host = parsed.host;
    made.port = parsed.port;
  } catch (const error &) {
    fail(status::INVALID_ARGUMENT, fmt::format("{} holds no URL of a proxy", named->name), named->name);
  }
  return made;
}

}  // namespace evodb::r2
