#include "base/location.h"

#include <boost/test/unit_test.hpp>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(location_test)

namespace {

std::string normal(const char *text, const char *working_folder = "") {
  return location::parse(text, working_folder).to_text();
}
location at(const char *text) {
  return location::parse(text);
}

}  // namespace

BOOST_AUTO_TEST_CASE(uris) {
  const location s3 = at("s3://bucket/a/b%2Fc//d/");
  BOOST_TEST(s3.scheme == "s3");
  BOOST_TEST(s3.authority == "bucket");
  BOOST_TEST(s3.key == "a/b%2Fc//d/");  // verbatim
  BOOST_TEST(normal("r2://bucket/a") == "s3://bucket/a");
  BOOST_TEST(normal("s3a://bucket/a") == "s3://bucket/a");
  BOOST_TEST(normal("s3://bucket") == "s3://bucket/");
  BOOST_TEST(normal("memory://name/key") == "memory://name/key");
  BOOST_TEST(at("file:/x/y").key == "x/y");
  BOOST_TEST(normal("file:/x/y") == "file:///x/y");
  BOOST_TEST(normal("file:///x/../y") == "file:///x/../y");
  BOOST_TEST(normal("file://localhost/x") == "file:///x");
}

BOOST_AUTO_TEST_CASE(plain_paths) {
  BOOST_TEST(normal("/a/b/") == "file:///a/b");
  BOOST_TEST(normal("/a/./b/../c") == "file:///a/c");
  BOOST_TEST(normal("/../..//a") == "file:///a");
  BOOST_TEST(normal("flights", "/home/me") == "file:///home/me/flights");
  BOOST_TEST(normal("./flights", "/home/me/") == "file:///home/me/flights");
  BOOST_TEST(normal("../flights", "/home/me") == "file:///home/flights");
  BOOST_TEST(normal("a:b", "/w") == "file:///w/a:b");
  BOOST_TEST(normal("day=2013-07-01T00:00/x", "/w") == "file:///w/day=2013-07-01T00:00/x");
}

BOOST_AUTO_TEST_CASE(refusals) {
  CHECK_FAILS(at(""), status::INVALID_ARGUMENT, "empty");
  CHECK_FAILS(at("gs://bucket/a"), status::INVALID_ARGUMENT, "unknown scheme");
  CHECK_FAILS(at("S3://bucket/a"), status::INVALID_ARGUMENT, "unknown scheme");
  CHECK_FAILS(at("s3:///a"), status::INVALID_ARGUMENT, "no bucket");
  CHECK_FAILS(at("file://host/a"), status::INVALID_ARGUMENT, "file:///");
  CHECK_FAILS(at("file:a"), status::INVALID_ARGUMENT, "file:///");
  CHECK_FAILS(at("relative"), status::INVALID_ARGUMENT, "relative");
  CHECK_FAILS(location::parse(std::string_view("/a\0b", 4)), status::INVALID_ARGUMENT, "zero byte");
}

BOOST_AUTO_TEST_CASE(children) {
  BOOST_TEST(at("s3://b/t").child("metadata").to_text() == "s3://b/t/metadata");
  BOOST_TEST(at("s3://b/t/").child("metadata").to_text() == "s3://b/t/metadata");
  BOOST_TEST(at("s3://b").child("t").to_text() == "s3://b/t");
  BOOST_TEST(at("file:///").child("t").to_text() == "file:///t");
}

BOOST_AUTO_TEST_CASE(containment) {
  const location tenant = at("s3://bucket/tenants/acme");
  BOOST_TEST(tenant.contains(tenant));
  BOOST_TEST(tenant.contains(at("s3://bucket/tenants/acme/t/data")));
  BOOST_TEST(tenant.contains(at("s3://bucket/tenants/acme/")));
  BOOST_TEST(!tenant.contains(at("s3://bucket/tenants/acme2/t")));
  BOOST_TEST(!tenant.contains(at("s3://bucket/tenants")));
  BOOST_TEST(!tenant.contains(at("s3://other/tenants/acme/t")));
  BOOST_TEST(!tenant.contains(at("file:///tenants/acme/t")));
  BOOST_TEST(!tenant.contains(at("s3://bucket/tenants/acme/../acme2/t")));
  BOOST_TEST(!tenant.contains(at("s3://bucket/tenants/acme/./t")));
  BOOST_TEST(!tenant.contains(at("s3://bucket/tenants/acme/..")));
  BOOST_TEST(tenant.contains(at("s3://bucket/tenants/acme/..a/b..")));
  BOOST_TEST(at("s3://bucket").contains(at("s3://bucket/a")));
  BOOST_TEST(at("s3://bucket/a/").contains(at("s3://bucket/a/b")));
}

BOOST_AUTO_TEST_CASE(resolution) {
  BOOST_TEST(resolve(at("s3://b/t"), "data/x").to_text() == "s3://b/t/data/x");
  BOOST_TEST(resolve(at("s3://b/t"), "s3://c/x").to_text() == "s3://c/x");
  BOOST_TEST(resolve(at("file:///t"), "/u/x").to_text() == "file:///u/x");
  BOOST_TEST(resolve(at("file:///t"), "u/x").to_text() == "file:///t/u/x");
  BOOST_TEST(!at("file:///t").contains(resolve(at("file:///t"), "../u/x")));
  CHECK_FAILS(resolve(at("s3://b/t"), ""), status::INVALID_ARGUMENT);
}

BOOST_AUTO_TEST_SUITE_END()
