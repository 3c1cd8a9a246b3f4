#include "table/commit_token.h"

#include <fmt/format.h>

#include <charconv>

#include "base/bytes.h"
#include "base/error.h"

namespace evodb {
namespace {

constexpr std::string_view format_name = "evodb1";
constexpr std::size_t longest_token = 1 << 16;
constexpr std::string_view proof_letters = "sbnr";  // in their order

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

[[noreturn]] void refuse() {
  fail(status::INVALID_ARGUMENT, "not a commit token");
}

std::int64_t parse_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number < 0) refuse();
  return number;
}

}  // namespace

std::string commit_token::to_text() const {
  std::string text = fmt::format("{}.{}.{}.{}", format_name, table.to_text(), attempt, fmt::join(snapshot_ids, "-"));
  text += fmt::format(".{}", proof_letters[static_cast<std::size_t>(shown_by)]);
  if (key) text += fmt::format(".{}.{}", key->sequence, to_hex(key->application));
  return text;
}

commit_token commit_token::parse(std::string_view text) {
  const std::vector<std::string_view> parts = split(text.substr(0, longest_token), '.');
  if (text.size() > longest_token || (parts.size() != 7 && parts.size() != 9) || parts[0] != format_name) refuse();
  commit_token token;
  try {
    token.table = uuid::parse(parts[1]);
    if (parts.size() == 9) {
      token.key.emplace(from_hex(parts[8]), parse_number(parts[7]));
      check_idempotency_key(*token.key);
    }
  } catch (const error &) {
    refuse();
  }
  for (const std::size_t part : {2, 3, 4}) {
    if (parts[part].empty()) refuse();
  }
  token.attempt = fmt::format("{}.{}.{}", parts[2], parts[3], parts[4]);
  const std::size_t letter = parts[6].size() == 1 ? proof_letters.find(parts[6]) : parts[6].npos;
  if (letter == parts[6].npos) refuse();
  token.shown_by = static_cast<proof>(letter);
  if (!parts[5].empty()) {
    for (const std::string_view id : split(parts[5], '-')) token.snapshot_ids.push_back(parse_number(id));
  }
  return token;
}

}  // namespace evodb
