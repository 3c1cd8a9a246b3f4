#include "io/s3/credentials.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "base/text_cursor.h"

namespace evodb {
namespace {

std::string tidied_part(std::string_view text, const char *what, const char *variable) {
  const std::string part(trimmed(text));
  const bool is_plain =
      std::all_of(part.begin(), part.end(), [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\''; });
  if (!is_plain)
    fail(status::INVALID_ARGUMENT,
         fmt::format(
             "the {} holds a quote, a blank or another sign that none has: see how {} was set, or what stands in "
             "its place",
             what, variable),
         variable);
  return part;
}

}  // namespace

credentials tidied(credentials given) {
  return {tidied_part(given.access_key_id, "access key id", "AWS_ACCESS_KEY_ID"),
          tidied_part(given.secret_access_key, "secret access key", "AWS_SECRET_ACCESS_KEY"),
          tidied_part(given.session_token, "session token", "AWS_SESSION_TOKEN")};
}

}  // namespace evodb
