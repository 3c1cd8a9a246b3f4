#include "io/s3/endpoint.h"

#include <boost/test/unit_test.hpp>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(endpoint_test)

BOOST_AUTO_TEST_CASE(an_account_of_cloudflare) {
  const endpoint plain = endpoint::of_account("abc123", "", "b");
  BOOST_TEST(plain.of_bucket().host_header() == "abc123.r2.cloudflarestorage.com");
  BOOST_TEST(plain.path_of("t/v1.json") == "/b/t/v1.json");
  BOOST_TEST(plain.is_cloudflares());
  BOOST_TEST(endpoint::of_account("abc123", "eu", "b").server.host == "abc123.eu.r2.cloudflarestorage.com");
  CHECK_FAILS(endpoint::of_account("abc/123", "", "b"), status::INVALID_ARGUMENT, "an account id");
  CHECK_FAILS(endpoint::of_account("abc", "e.u", "b"), status::INVALID_ARGUMENT, "a jurisdiction");
}

BOOST_AUTO_TEST_CASE(a_url_with_a_port_and_a_prefix) {
  const endpoint local = endpoint::parse("http://127.0.0.1:8787/cdn-cgi/local/r2/s3/", "b", true, false);
  BOOST_TEST(!local.server.is_tls);
  BOOST_TEST(local.of_bucket().host_header() == "127.0.0.1:8787");
  BOOST_TEST(local.path_of("k") == "/cdn-cgi/local/r2/s3/b/k");
  BOOST_TEST(local.path_of("") == "/cdn-cgi/local/r2/s3/b");
  BOOST_TEST(!local.is_cloudflares());
  const endpoint six = endpoint::parse("https://[2001:db8::1]:9000", "b", true, false);
  BOOST_TEST(six.server.host == "2001:db8::1");
  BOOST_TEST(six.of_bucket().host_header() == "[2001:db8::1]:9000");
}

BOOST_AUTO_TEST_CASE(a_bucket_in_the_hosts_name) {
  const endpoint made = endpoint::parse("https://s3.example.org", "b", false, false);
  BOOST_TEST(made.of_bucket().host_header() == "b.s3.example.org");
  BOOST_TEST(made.of_bucket().host == "b.s3.example.org");
  BOOST_TEST(made.path_of("k") == "/k");
  BOOST_TEST(made.path_of("") == "/");
}

BOOST_AUTO_TEST_CASE(what_is_no_endpoint) {
  const std::pair<const char *, const char *> wrong[] = {
      {"ftp://h", "is no https"},
      {"h", "has no scheme"},
      {"\"https://h\"", "has quotes"},
      {"https://", "has no host"},
      {"https://:80", "has no host"},
      {"https://h:0", "a port"},
      {"https://h:70000", "a port"},
      {"https://h:x", "a port"},
      {"https://u@h", "has a user"},
      {"https://h?x", "a query"},
      {"https://h\r\nHost: x", "a control character"},
      {"https://h\x7f", "a control character"},
      {"https://[::1", "its bracket"},
      {"https://[::1]x", "a port"},
      {"http://example.org", "is not encrypted"},
      {"http://127.evil.org", "is not encrypted"},
  };
  for (const auto &[url, why] : wrong)
    CHECK_FAILS(endpoint::parse(url, "b", true, false), status::INVALID_ARGUMENT, why);
  for (const char *url : {"https://user:secret@h/x", "https://h/x?secret", "https://h/x secret", "https://secret#@h/x",
                          "https://h/x\tsecret"}) {
    try {
      endpoint::parse(url, "b", true, false);
      BOOST_ERROR("is taken");
    } catch (const error &refused) {
      const std::string text = refused.message() + refused.subject();
      BOOST_TEST(text.find("secret") == text.npos, text);
      BOOST_TEST(text.ends_with("h/x"), text);
    }
  }
  BOOST_TEST(endpoint::parse("http://example.org", "b", true, true).server.port == 80);
  BOOST_TEST(endpoint::parse("http://localhost", "b", true, false).server.port == 80);
  BOOST_TEST(endpoint::parse("http://[::1]:1", "b", true, false).server.port == 1);
}

/// As Cloudflare's dashboard shows the address of a bucket.
BOOST_AUTO_TEST_CASE(an_endpoint_that_names_the_bucket) {
  for (const char *url : {"https://account.r2.cloudflarestorage.com/bucket", "http://127.0.0.1:9/bucket/",
                          "https://bucket.account.r2.cloudflarestorage.com"})
    CHECK_FAILS(endpoint::parse(url, "bucket", true, false), status::INVALID_ARGUMENT, "names the bucket");
  CHECK_FAILS(endpoint::parse("https://account.r2.cloudflarestorage.com/other", "bucket", true, false),
              status::INVALID_ARGUMENT, "has a path");
  BOOST_TEST(endpoint::parse("http://127.0.0.1:9/some/bucket", "bucket", true, false).path_of("k") ==
             "/some/bucket/bucket/k");
}

BOOST_AUTO_TEST_SUITE_END()
