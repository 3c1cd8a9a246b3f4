#include "io/r2/s3_options.h"

#include <map>

#include "failure.h"
#include "runtime/thread_runtime.h"

using namespace evodb;
using namespace evodb::r2;

namespace {

struct given_options {
  std::shared_ptr<runtime> environment = make_thread_runtime(thread_runtime_options());
  s3_options given;
  std::map<std::string, std::string> variables{{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "hidden"}};

  std::shared_ptr<object_store> open(const std::string &bucket = "bucket") {
    return open_bucket(environment, bucket, given, [this](const char *name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(s3_options_test, given_options)

BOOST_AUTO_TEST_CASE(only_cloudflares_own_endpoints_are_known_to_create_exclusively) {
  variables["CLOUDFLARE_ACCOUNT_ID"] = "abc";
  BOOST_TEST(open()->creates_exclusively());
  BOOST_TEST(open()->root().to_text() == "s3://bucket/");
  variables["AWS_ENDPOINT_URL"] = "https://s3.example.org";
  BOOST_TEST(!open()->creates_exclusively());
  given.account_id = "abc";  // what the caller says is more than what lies about
  BOOST_TEST(open()->creates_exclusively());
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_wrong_is_named) {
  CHECK_FAILS(open(), status::INVALID_ARGUMENT, "no endpoint");
  variables["AWS_ENDPOINT_URL_S3"] = "http://s3.example.org";
  CHECK_FAILS(open(), status::INVALID_ARGUMENT, "is not encrypted");
  given.allows_http = true;
  BOOST_TEST(open()->root().authority == "bucket");
  CHECK_FAILS(open("b/c"), status::INVALID_ARGUMENT, "not the name of a bucket");
  CHECK_FAILS(open(""), status::INVALID_ARGUMENT, "not the name of a bucket");
  given.access_key_id = "id";
  CHECK_FAILS(open(), status::INVALID_ARGUMENT, "together");
  given.access_key_id.reset();
  const std::string id = variables.at("AWS_ACCESS_KEY_ID");
  variables.erase("AWS_SECRET_ACCESS_KEY");
  CHECK_FAILS(open(), status::INVALID_ARGUMENT, "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
  variables.erase("AWS_ACCESS_KEY_ID");
  CHECK_FAILS(open(), status::INVALID_ARGUMENT, "no credentials");
  variables["AWS_SECRET_ACCESS_KEY"] = "hidden";
  CHECK_FAILS(open(), status::INVALID_ARGUMENT, "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not");
  variables["AWS_ACCESS_KEY_ID"] = id;
  variables["AWS_CA_BUNDLE"] = "/nowhere";
  CHECK_FAILS(open(), status::INVALID_ARGUMENT, "/nowhere");
}

BOOST_AUTO_TEST_SUITE_END()
