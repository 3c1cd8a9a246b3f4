#include "io/s3/s3_options.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "base/uuid.h"

#include "failure.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

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

BOOST_AUTO_TEST_CASE(blanks_around_texts_do_not_count) {
  variables = {{"AWS_ACCESS_KEY_ID", " id\n"},
               {"AWS_SECRET_ACCESS_KEY", "hidden\r\n"},
               {"AWS_REGION", " auto "},
               {"AWS_ENDPOINT_URL_S3", "https://s3.example.org\n"}};
  BOOST_TEST(open());
  variables = {{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "hidden"}, {"CLOUDFLARE_ACCOUNT_ID", "abc\n"}};
  BOOST_TEST(open());
  for (const char *text : {"\"hidden\"", "'hidden'", "hid den", "hid\nden", "hid\xc3\xa4"}) {
    variables["AWS_SECRET_ACCESS_KEY"] = text;
    CHECK_FAILS(open(), status::INVALID_ARGUMENT, "the secret access key holds a quote, a blank");
    try {
      open();
    } catch (const error &refused) {
      BOOST_TEST((refused.message() + refused.subject()).find("hid") == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_in_the_wrong_place_is_shown_its_own) {
  variables["CLOUDFLARE_ACCOUNT_ID"] = "abc";
  for (const char *bucket : {"abc.r2.cloudflarestorage.com", "127.0.0.1:9000", "s3.eu-west-1.amazonaws.com"})
    CHECK_FAILS(open(bucket), status::INVALID_ARGUMENT, "write s3://BUCKET/PREFIX");
  CHECK_FAILS(open("MyBucket"), status::INVALID_ARGUMENT, "small letters");
  BOOST_TEST(open("my.bucket_of-mine"));
  variables["AWS_REGION"] = "\"auto\"";
  CHECK_FAILS(open(), status::INVALID_ARGUMENT, "not the name of a region");
}

/// As one on a file system that does not answer.
BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_not_waited_for) {
  variables["CLOUDFLARE_ACCOUNT_ID"] = "abc";
  given.connect_timeout_ms = 20;
  const std::string pipe = (std::filesystem::temp_directory_path() / environment->random_uuid().to_text()).string();
  BOOST_TEST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const char *variable : {"AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_CA_BUNDLE"}) {
    variables[variable] = pipe;
    CHECK_FAILS(open(), status::DEADLINE_EXCEEDED, "could not be read within 20 ms");
    variables.erase(variable);
    ::close(::open(pipe.c_str(), O_RDWR | O_CLOEXEC));  // so that its reader ends
  }
  std::filesystem::remove(pipe);
}

BOOST_AUTO_TEST_SUITE_END()
