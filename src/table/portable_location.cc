#include "table/portable_location.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"

namespace evodb {
namespace {

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

[[noreturn]] void fail_location(std::string_view kind, const location &at, std::string_view problem) {
  std::string shown = at.to_text();
  std::replace_if(shown.begin(), shown.end(), is_control, ' ');
  fail(status::INVALID_ARGUMENT, fmt::format("the {}'s location {} has {}", kind, shown, problem), at.to_text());
}

void check(const location &at, std::string_view kind) {
  for (const char c : at.authority + at.key) {
    if (is_control(c)) fail_location(kind, at, "a control character in it, which PyIceberg may leave out: rename it");
    if (c == '#' || c == '?')
      fail_location(kind, at, fmt::format("'{}', where the path ends for PyIceberg: rename it", c));
  }
  if (at.scheme == "s3" && (at.key.starts_with('/') || at.key.find("//") != std::string::npos))
    fail_location(kind, at, "an empty name between two slashes, which PyIceberg refuses: rename it");
}

}  // namespace

void check_portable_file(const location &file) {
  check(file, "file");
  const std::string_view name = std::string_view(file.key).substr(file.key.rfind('/') + 1);
  if (file.scheme == "file" && name.find(':') != std::string_view::npos)
    fail_location("file", file, "a ':' in a local file's name, which is a scheme to Hadoop: rename it");
}

void check_portable_table(const location &table) {
  check(table, "table");
  const std::string_view key = table.key;
  for (std::size_t at = key.find('%'); at != std::string_view::npos; at = key.find('%', at + 1)) {
    if (table.scheme == "file" && at + 2 < key.size() && hex_digit(key[at + 1]) >= 0 && hex_digit(key[at + 2]) >= 0)
      fail_location("table", table,
                    fmt::format("{} in it, which stands for itself here and for another character in a URL: give the "
                                "folder's own name, or rename it",
                                key.substr(at, 3)));
  }
  if (table.key.find('"') != std::string::npos)
    fail_location("table", table, "'\"', which is a quote to DuckDB: rename it");
}

}  // namespace evodb
