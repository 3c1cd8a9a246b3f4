#include "http/proxy.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "base/error.h"
#include "base/text_cursor.h"
#include "http/http_request.h"
#include "http/http_url.h"

namespace evodb {
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

/// Whether an address lies in a network, "10.0.0.0/8" or "2001:db8::/32".
bool is_in_network(std::string_view host, std::string_view network) {
  namespace ip = boost::asio::ip;
  boost::system::error_code no_address, no_network;
  const ip::address address = ip::make_address(host, no_address);
  if (no_address) return false;
  const std::string text(network);
  if (address.is_v4()) {
    const ip::network_v4 of = ip::make_network_v4(text, no_network);
    const ip::network_v4 own(address.to_v4(), no_network ? 0 : of.prefix_length());
    return !no_network && own.canonical() == of.canonical();
  }
  const ip::network_v6 of = ip::make_network_v6(text, no_network);
  const ip::network_v6 own(address.to_v6(), no_network ? 0 : of.prefix_length());
  return !no_network && own.canonical() == of.canonical();
}

bool is_excepted_by(std::string_view one, std::string_view host, std::uint16_t port) {
  if (one == "*") return true;
  if (one.find('/') != one.npos) return is_in_network(host, one);
  if (one.starts_with('[')) {  // an address of IPv6, with a port or without
    const std::size_t bracket = one.find(']');
    if (bracket == one.npos) return false;
    const std::string_view rest = one.substr(bracket + 1);
    one = one.substr(1, bracket - 1);
    if (!rest.empty() && rest != fmt::format(":{}", port)) return false;
  } else if (const std::size_t colon = one.find(':'); colon != one.npos && one.find(':', colon + 1) == one.npos) {
    if (one.substr(colon + 1) != std::to_string(port)) return false;
    one = one.substr(0, colon);
  }
  if (one.starts_with("*.")) one.remove_prefix(1);
  while (one.starts_with('.')) one.remove_prefix(1);
  while (one.ends_with('.')) one.remove_suffix(1);
  if (one.empty() || one.size() > host.size()) return false;
  const bool is_whole = one.size() == host.size() || host[host.size() - one.size() - 1] == '.';
  return is_whole && is_same_name(host.substr(host.size() - one.size()), one);
}

bool is_excepted(std::string_view host, std::uint16_t port, std::string_view exceptions) {
  constexpr std::string_view separators = ", \t\r\n";
  while (host.ends_with('.')) host.remove_suffix(1);
  for (std::size_t begin = exceptions.find_first_not_of(separators); begin != exceptions.npos;
       begin = exceptions.find_first_not_of(separators)) {
    exceptions.remove_prefix(begin);
    const std::size_t end = std::min(exceptions.find_first_of(separators), exceptions.size());
    if (is_excepted_by(exceptions.substr(0, end), host, port)) return true;
    exceptions.remove_prefix(end);
  }
  return false;
}

}  // namespace

std::optional<proxy> find_proxy(std::string_view host, std::uint16_t port, bool is_tls,
                                const environment_variables &environment) {
  if (is_loopback(host)) return std::nullopt;
  const std::optional<setting> exceptions = first_of({"no_proxy", "NO_PROXY"}, environment);
  if (exceptions && is_excepted(host, port, exceptions->text)) return std::nullopt;
  std::optional<setting> named =
      is_tls ? first_of({"https_proxy", "HTTPS_PROXY"}, environment) : first_of({"http_proxy"}, environment);
  if (!named) named = first_of({"all_proxy", "ALL_PROXY"}, environment);
  if (!named) return std::nullopt;
  proxy made;
  made.named_by = named->name;
  std::string url(trimmed(named->text));
  if (url.find("://") == url.npos) url = "http://" + url;
  const std::size_t begin = url.find("://") + 3;
  const std::size_t at = url.rfind('@');
  if (at != url.npos && at > begin) {
    made.authorization = decoded(std::string_view(url).substr(begin, at - begin)).value_or("");
    url.erase(begin, at + 1 - begin);
  }
  // Its text may hold a password, so no message repeats it.
  if (!url.starts_with("http://"))
    fail(status::INVALID_ARGUMENT,
         fmt::format("{} names no proxy of http://, the only kind there is here", named->name), named->name);
  try {
    origin server = http_url::parse("the proxy", url).server;
    made.host = std::move(server.host);
    made.port = server.port;
  } catch (const error &) {
    fail(status::INVALID_ARGUMENT, fmt::format("{} holds no URL of a proxy", named->name), named->name);
  }
  return made;
}

}  // namespace evodb
