#include "http/http_url.h"

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(http_url_test)

namespace {

/// Scheme, Host header and path.
std::string read(std::string_view text) {
  const http_url url = http_url::parse("the test", text);
  return (url.server.is_tls ? "https " : "http ") + url.server.host_header() + " " + url.path;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_server_with_or_without_a_port_and_a_path) {
  BOOST_TEST(read("https://example.org") == "https example.org ");
  BOOST_TEST(read("https://example.org:443/") == "https example.org ");
  BOOST_TEST(read("http://example.org:65535/some/where//") == "http example.org:65535 /some/where");
  BOOST_TEST(read("http://[2001:db8::1]:80") == "http [2001:db8::1] ");
  BOOST_TEST(http_url::parse("the test", "http://[::1]:9").server.host == "::1");
}

/// It is encoded again, once, when it goes out.
BOOST_AUTO_TEST_CASE(a_path_is_decoded_and_a_host_is_not) {
  BOOST_TEST(read("https://h/a%20b%25") == "https h /a b%");
  BOOST_TEST(read("https://h%0d%0aX:1/") == "https h%0d%0aX:1 ");
}

BOOST_AUTO_TEST_CASE(what_is_none_is_refused_by_the_name_of_its_setting) {
  for (const char *text : {"https://h:70000", "https://h:99999", "https://[::1]x", "https://h:", "https://h:0",
                           "https://h:1x", "https://::1", "https://[::1", "https://h/a b", "https://h/%zz",
                           "https://h/{x}", "h:1", "ftp://h", "https:///x"})
    CHECK_FAILS(http_url::parse("the setting", text), status::INVALID_ARGUMENT, "the setting");
}

BOOST_AUTO_TEST_CASE(a_refusal_holds_no_secret) {
  for (const char *text : {"https://u:secret@h", "https://h?secret", "https://h secret", "'https://secret@h"}) {
    try {
      http_url::parse("the setting", text);
      BOOST_ERROR("is taken");
    } catch (const error &refused) {
      BOOST_TEST((refused.message() + refused.subject()).find("secret") == std::string::npos, refused.message());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
