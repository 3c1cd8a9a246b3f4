#include "io/s3/profile.h"

#include <fmt/format.h>

#include "base/error.h"
#include "io/s3/profile_file.h"

namespace evodb {
namespace {

using sections = std::map<std::string, profile_section>;

/// What a profile may have instead of keys, or beside them.
constexpr const char *other_sources[] = {"role_arn",           "sso_session",       "sso_start_url",
                                         "credential_process", "credential_source", "web_identity_token_file",
                                         "source_profile"};

std::string file_of(const environment_variables &variables, const char *variable, const char *in_home) {
  const std::string home = variables("HOME").value_or("");
  const auto named = variables(variable);
  if (!named || named->empty()) return home + in_home;
  const bool is_in_home = *named == "~" || named->starts_with("~/");
  return is_in_home ? home + named->substr(1) : *named;
}

std::optional<std::string> chosen_name(const std::optional<std::string> &name, const environment_variables &variables) {
  for (const auto &one : {name, variables("AWS_PROFILE"), variables("AWS_DEFAULT_PROFILE")})
    if (one && !one->empty()) return one;
  return std::nullopt;
}

const profile_section *find(const sections &in, const std::string &name, const std::string &file) {
  const auto found = in.find(name);
  if (found == in.end()) return nullptr;
  if (const int line = found->second.malformed_line; line > 0)
    fail(status::INVALID_ARGUMENT, fmt::format("{}, line {}: neither [section] nor key = value", file, line), file);
  return &found->second;
}

std::optional<std::string> setting_of(const profile_section *section, std::string_view key) {
  if (section == nullptr) return std::nullopt;
  const auto found = section->settings.find(key);
  return found == section->settings.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

profile read_profile(const std::optional<std::string> &name, const environment_variables &variables) {
  const std::optional<std::string> chosen = chosen_name(name, variables);
  const std::string wanted = chosen.value_or("default");
  const std::string credentials_file = file_of(variables, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
  const std::string config_file = file_of(variables, "AWS_CONFIG_FILE", "/.aws/config");
  const sections of_secrets = read_profile_file(credentials_file), of_config = read_profile_file(config_file);
  const profile_section *const secrets = find(of_secrets, wanted, credentials_file);
  const profile_section *const config = find(of_config, wanted, config_file);
  if (chosen && secrets == nullptr && config == nullptr)
    fail(status::INVALID_ARGUMENT,
         fmt::format("there is no profile {} in {} or {}", wanted, credentials_file, config_file), wanted);
  const auto setting = [&](std::string_view key) {
    std::optional<std::string> found = setting_of(secrets, key);
    return found ? found : setting_of(config, key);
  };
  profile read;
  read.name = wanted;
  read.access_key_id = setting("aws_access_key_id");
  read.secret_access_key = setting("aws_secret_access_key");
  read.session_token = setting("aws_session_token");
  read.region = setting("region");
  if (const auto services = setting("services"))
    read.endpoint_url = setting_of(find(of_config, "services " + *services, config_file), "s3.endpoint_url");
  if (!read.endpoint_url) read.endpoint_url = setting("endpoint_url");
  for (const char *key : other_sources)
    if (read.other_source.empty() && setting(key)) read.other_source = key;
  return read;
}

}  // namespace evodb
