#include "http/proxy.h"

#include <map>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(proxy_test)

namespace {

/// "host:port" and what is sent to prove who one is; "none".
std::string found(std::string_view host, bool is_tls, std::map<std::string, std::string> variables) {
  const auto environment = [&](const char *name) -> std::optional<std::string> {
    const auto at = variables.find(name);
    return at == variables.end() ? std::nullopt : std::optional(at->second);
  };
  const auto by = find_proxy(host, is_tls ? 443 : 80, is_tls, environment);
  return by ? by->host + ":" + std::to_string(by->port) + " " + by->authorization : "none";
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_variable_of_the_scheme_names_it) {
  BOOST_TEST(found("h.org", true, {}) == "none");
  BOOST_TEST(found("h.org", true, {{"https_proxy", "http://p:3128"}}) == "p:3128 ");
  BOOST_TEST(found("h.org", true, {{"HTTPS_PROXY", "p:3128"}}) == "p:3128 ");
  BOOST_TEST(found("h.org", false, {{"https_proxy", "http://p:3128"}}) == "none");
  BOOST_TEST(found("h.org", false, {{"HTTP_PROXY", "http://p:3128"}}) == "none");
  BOOST_TEST(found("h.org", false, {{"http_proxy", "http://p/"}}) == "p:80 ");
  BOOST_TEST(found("h.org", true, {{"ALL_PROXY", "http://u:p%40ss@p:1"}}) == "p:1 u:p@ss");
  BOOST_TEST(found("h.org", true, {{"https_proxy", ""}}) == "none");
}

BOOST_AUTO_TEST_CASE(some_hosts_are_reached_directly) {
  const auto with = [](std::string host, std::string exceptions) {
    return found(host, true, {{"https_proxy", "p:1"}, {"no_proxy", exceptions}});
  };
  BOOST_TEST(with("localhost", "") == "none");
  BOOST_TEST(with("127.0.0.1", "") == "none");
  BOOST_TEST(with("a.example.org", "example.org") == "none");
  BOOST_TEST(with("a.example.org", "x, .Example.ORG") == "none");
  BOOST_TEST(with("example.org", "*") == "none");
  BOOST_TEST(with("badexample.org", "example.org") == "p:1 ");
  BOOST_TEST(with("example.org", "a.example.org,,") == "p:1 ");
}

/// As curl, Python and Go read them.
BOOST_AUTO_TEST_CASE(exceptions_of_every_form) {
  const auto is_direct = [](std::string host, std::string exceptions, const char *name = "no_proxy") {
    return found(host, true, {{"https_proxy", "p:1"}, {name, exceptions}}) == "none";
  };
  for (const char *one : {"h.org:443", "*.org", "x y h.org", "x,\th.org\n", "h.org.", "H.ORG", " , h.org"})
    BOOST_TEST(is_direct("h.org", one), one);
  for (const char *one : {"h.org:80", "org:443x", "10.0.0.0/8", "", "[h.org", "*h.org/"})
    BOOST_TEST(!is_direct("h.org", one), one);
  BOOST_TEST(is_direct("h.org.", "h.org"));
  BOOST_TEST(is_direct("h.org", "h.org", "NO_PROXY"));
  for (const char *one : {"10.1.2.3", "10.1.2.3:443", "10.0.0.0/8", "10.1.2.3/32", "0.0.0.0/0"})
    BOOST_TEST(is_direct("10.1.2.3", one), one);
  for (const char *one : {"10.1.2.4", "10.2.0.0/16", "10.0.0.0/33", "10.0.0.0/", "2001:db8::/32"})
    BOOST_TEST(!is_direct("10.1.2.3", one), one);
  for (const char *one : {"2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443", "2001:db8::/32"})
    BOOST_TEST(is_direct("2001:db8::1", one), one);
  for (const char *one : {"[2001:db8::1]:80", "2001:db9::/32", "10.0.0.0/8", "[2001:db8::2]"})
    BOOST_TEST(!is_direct("2001:db8::1", one), one);
}

BOOST_AUTO_TEST_CASE(what_is_no_proxy_is_refused_without_its_password) {
  for (const char *text : {"socks5://p:1", "https://p:1", "http://u:secret@", "http://u:secret@p:99999"}) {
    const auto with = [&] { found("h.org", true, {{"https_proxy", text}}); };
    CHECK_FAILS(with(), status::INVALID_ARGUMENT, "https_proxy");
    try {
      with();
    } catch (const error &refused) {
      BOOST_TEST(refused.message().find("secret") == std::string::npos);
      BOOST_TEST(refused.subject() == "https_proxy");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
