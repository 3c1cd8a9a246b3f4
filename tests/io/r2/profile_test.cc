#include "io/r2/profile.h"

#include <filesystem>
#include <fstream>
#include <map>

#include "base/uuid.h"
#include "failure.h"
#include "io/r2/s3_options.h"
#include "runtime/thread_runtime.h"

using namespace evodb;
using namespace evodb::r2;

namespace {

struct home {
  home() {
    std::filesystem::create_directories(folder / ".aws");
    variables["HOME"] = folder.string();
  }
  ~home() { std::filesystem::remove_all(folder); }

  void write(const char *name, const char *text) const { std::ofstream(folder / ".aws" / name) << text; }
  profile read(const std::optional<std::string> &name = {}) const {
    return read_profile(name, [this](const char *variable) -> std::optional<std::string> {
      const auto found = variables.find(variable);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
  }

  std::shared_ptr<runtime> environment = make_thread_runtime(thread_runtime_options());
  std::filesystem::path folder = std::filesystem::temp_directory_path() / environment->random_uuid().to_text();
  std::map<std::string, std::string> variables;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(profile_test, home)

BOOST_AUTO_TEST_CASE(nothing_is_there) {
  BOOST_TEST(!read().access_key_id);
  CHECK_FAILS(read("work"), status::INVALID_ARGUMENT, "no profile work");
  variables["AWS_PROFILE"] = "play";
  CHECK_FAILS(read(), status::INVALID_ARGUMENT, "no profile play");
}

BOOST_AUTO_TEST_CASE(both_files_are_read) {
  write("credentials",
        "# a comment\r\n[default]\r\naws_access_key_id = one\r\naws_secret_access_key=a=b/c\r\n\n"
        "[work]\naws_access_key_id=two\naws_secret_access_key=second\naws_session_token=token\n");
  write("config",
        "[default]\nregion = eu\n[profile work]\nregion=us\ns3 =\n  endpoint_url = https://no\n"
        "endpoint_url = https://yes\n; another\n[services x]\nwhatever this is\n");
  BOOST_TEST(*read().access_key_id == "one");
  BOOST_TEST(*read().secret_access_key == "a=b/c");
  BOOST_TEST(*read().region == "eu");
  BOOST_TEST(!read().session_token);
  BOOST_TEST(*read("work").session_token == "token");
  BOOST_TEST(*read("work").endpoint_url == "https://yes");
  variables["AWS_PROFILE"] = "work";
  BOOST_TEST(*read().access_key_id == "two");
  BOOST_TEST(*read("default").access_key_id == "one");
}

BOOST_AUTO_TEST_CASE(the_files_may_be_elsewhere) {
  write("mine", "[default]\naws_access_key_id=three\n");
  variables["AWS_SHARED_CREDENTIALS_FILE"] = (folder / ".aws" / "mine").string();
  BOOST_TEST(*read().access_key_id == "three");
}

BOOST_AUTO_TEST_CASE(a_line_that_is_none_is_named_without_its_content) {
  write("credentials", "[default]\naws_access_key_id=one\nsecret-that-lost-its-key\n");
  CHECK_FAILS(read(), status::INVALID_ARGUMENT, "credentials, line 3");
  try {
    read();
  } catch (const error &wrong) {
    BOOST_TEST(wrong.message().find("secret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_profile_that_was_asked_for_comes_before_the_environment) {
  write("credentials", "[work]\naws_access_key_id=id\naws_secret_access_key=hidden\nendpoint_url=http://in.profile\n");
  variables["AWS_ENDPOINT_URL"] = "https://around";
  const auto variable = [this](const char *name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  s3_options given;
  CHECK_FAILS(open_bucket(environment, "bucket", given, variable), status::INVALID_ARGUMENT, "no credentials");
  variables["AWS_ACCESS_KEY_ID"] = "an id without its secret";
  variables["AWS_PROFILE"] = "work";
  BOOST_TEST(open_bucket(environment, "bucket", given, variable));
  given.profile = "work";  // whose endpoint is refused, and so was heard
  CHECK_FAILS(open_bucket(environment, "bucket", given, variable), status::INVALID_ARGUMENT, "is not encrypted");
}

BOOST_AUTO_TEST_SUITE_END()
