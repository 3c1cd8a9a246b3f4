#include "io/s3/profile.h"

#include <filesystem>
#include <fstream>
#include <map>

#include "base/uuid.h"
#include "failure.h"
#include "io/s3/s3_options.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

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
  variables["AWS_SHARED_CREDENTIALS_FILE"] = "~/.aws/mine";
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

/// As AWS's tools read them.
BOOST_AUTO_TEST_CASE(files_of_every_form) {
  const std::string keys = "aws_access_key_id = one\naws_secret_access_key = a=b/c+#d\n";
  const std::string indented = "    aws_access_key_id = one\n    aws_secret_access_key = a=b/c+#d\n";
  const std::pair<std::string, std::optional<std::string>> forms[] = {
      {"[default]\n" + keys, {}},
      {"[default]\n" + indented, {}},
      {"    [default]\n" + indented, {}},
      {"\t[ default ]\n\n# a comment\n  ; another\n" + indented, {}},
      {"[default] # mine [not yours]\n" + keys, {}},
      {"[profile default]\n" + keys, {}},
      {"\xef\xbb\xbf[default]\n" + keys, {}},
      {"[default]\nAWS_ACCESS_KEY_ID=one # of today\nAws_Secret_Access_Key : a=b/c+#d ; and this\n", {}},
      {"[default]\naws_access_key_id=other\n[work]\n[default]\n" + keys, {}},
      {"[profile \"my work\"]\n" + keys, "my work"},
      {"[profile 'my work']\n" + keys, "my work"},
      {"[profile   work]\n" + keys, "work"},
      {"[work]\ns3 =\n  aws_access_key_id = nested\n" + keys, "work"},
  };
  for (const auto &[text, name] : forms) {
    write("credentials", text.c_str());
    BOOST_TEST(read(name).access_key_id.value_or("none") == "one", text);
    BOOST_TEST(read(name).secret_access_key.value_or("none") == "a=b/c+#d", text);
  }
  variables["AWS_DEFAULT_PROFILE"] = "work";
  BOOST_TEST(*read().access_key_id == "one");
}

BOOST_AUTO_TEST_CASE(an_endpoint_may_be_that_of_a_service) {
  write("config",
        "[profile work]\nendpoint_url = https://any\nservices = mine\n"
        "[services mine]\ns3 =\n  endpoint_url = https://of.s3\nsqs =\n  endpoint_url = https://of.sqs\n");
  BOOST_TEST(*read("work").endpoint_url == "https://of.s3");
  write("config", "[profile work]\nendpoint_url = https://any\nservices = other\n");
  BOOST_TEST(*read("work").endpoint_url == "https://any");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_such_file) {
  write("credentials", "[default\naws_access_key_id=one\n");
  CHECK_FAILS(read(), status::INVALID_ARGUMENT, "credentials, line 1");
  write("credentials", std::string(2'000'000, '#').c_str());
  CHECK_FAILS(read(), status::INVALID_ARGUMENT, "too large");
}

BOOST_AUTO_TEST_CASE(keys_that_come_in_another_way) {
  variables["AWS_ENDPOINT_URL"] = "https://around";
  const auto variable = [this](const char *name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  for (const char *setting : {"sso_session = x", "credential_process = /bin/x", "source_profile = y",
                              "role_arn = r\naws_access_key_id=one\naws_secret_access_key=two"}) {
    write("credentials", (std::string("[default]\n") + setting + "\n").c_str());
    s3_options given;
    CHECK_FAILS(open_bucket(environment, "bucket", given, variable), status::UNSUPPORTED,
                "aws configure export-credentials --profile default");
    given.access_key_id = given.secret_access_key = "given";
    BOOST_TEST(open_bucket(environment, "bucket", given, variable));
  }
  write("credentials", "[default]\ncredential_process = /bin/x\naws_access_key_id=one\naws_secret_access_key=two\n");
  BOOST_TEST(open_bucket(environment, "bucket", s3_options(), variable));
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
