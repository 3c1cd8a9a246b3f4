#include "io/r2/profile.h"

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <string_view>

#include "base/error.h"
#include "base/text_cursor.h"

namespace evodb::r2 {
namespace {

using settings = std::map<std::string, std::string, std::less<>>;

/// The settings below [section]; null where there is no such section, or no such file.
std::optional<settings> read_section(const std::string &file, const std::string &section) {
  std::ifstream in(file);
  std::optional<settings> found;
  bool is_inside = false;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::string_view text = trimmed(line);
    if (text.empty() || text.front() == '#' || text.front() == ';') continue;
    if (text.front() == '[') {
      is_inside = text.back() == ']' && trimmed(text.substr(1, text.size() - 2)) == section;
      if (is_inside && !found) found.emplace();
      continue;
    }
    if (!is_inside || line.front() == ' ' || line.front() == '\t') continue;
    const std::size_t equals = text.find('=');
    if (equals == text.npos)
      fail(status::INVALID_ARGUMENT, fmt::format("{}, line {}: neither [section] nor key = value", file, number), file);
    found->insert_or_assign(std::string(trimmed(text.substr(0, equals))), trimmed(text.substr(equals + 1)));
  }
  return found;
}

std::string file_of(const environment_variables &variables, const char *variable, const char *in_home) {
  if (const auto named = variables(variable); named && !named->empty()) return *named;
  return variables("HOME").value_or("") + in_home;
}

}  // namespace

profile read_profile(const std::optional<std::string> &name, const environment_variables &variables) {
  std::optional<std::string> chosen = name && !name->empty() ? name : variables("AWS_PROFILE");
  if (chosen && chosen->empty()) chosen.reset();
  const std::string wanted = chosen.value_or("default");
  const std::string credentials_file = file_of(variables, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
  const std::string config_file = file_of(variables, "AWS_CONFIG_FILE", "/.aws/config");
  const auto secrets = read_section(credentials_file, wanted);
  const auto config = read_section(config_file, wanted == "default" ? wanted : "profile " + wanted);
  if (chosen && !secrets && !config)
    fail(status::INVALID_ARGUMENT,
         fmt::format("there is no profile {} in {} or {}", wanted, credentials_file, config_file), wanted);
  const auto setting = [&](std::string_view key) -> std::optional<std::string> {
    for (const auto *from : {&secrets, &config}) {
      if (!*from) continue;
      if (const auto found = (*from)->find(key); found != (*from)->end()) return found->second;
    }
    return std::nullopt;
  };
  return {setting("aws_access_key_id"), setting("aws_secret_access_key"), setting("aws_session_token"),
          setting("region"), setting("endpoint_url")};
}

}  // namespace evodb::r2
