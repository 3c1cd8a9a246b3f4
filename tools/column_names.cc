#include "column_names.h"

#include <fmt/format.h>

#include "api.h"

namespace tool {
namespace {

/// Removes the quoted part at the front of `text` and returns its content.
std::string take_quoted(std::string_view &text) {
  const std::string_view whole = text;
  std::string inside;
  do {
    const std::size_t end = text.find('"', 1);
    if (end == std::string_view::npos)
      throw usage_failure(EVODB_INVALID_ARGUMENT, fmt::format("the quote is not closed: {}", whole));
    if (!inside.empty() || text.data() != whole.data()) inside += '"';
    inside += text.substr(1, end - 1);
    text.remove_prefix(end + 1);
  } while (text.starts_with('"'));
  return inside;
}

}  // namespace

std::string take_column_name(std::string_view &text, std::string_view stops) {
  std::string name;
  bool begins_part = true;
  while (!text.empty()) {
    if (begins_part && text.starts_with('"')) {
      name += take_quoted(text);
      begins_part = false;
      if (!text.empty() && text.front() != '.' && stops.find(text.front()) == std::string_view::npos)
        throw usage_failure(EVODB_INVALID_ARGUMENT, fmt::format("expected '.' after a quoted name: {}", text));
      continue;
    }
    if (stops.find(text.front()) != std::string_view::npos) break;
    begins_part = text.front() == '.';
    name += text.front();
    text.remove_prefix(1);
  }
  return name;
}

std::string column_name(std::string_view text) {
  return take_column_name(text, {});
}

std::string quoted_column_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

}  // namespace tool
