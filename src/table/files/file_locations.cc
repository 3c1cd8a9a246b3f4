#include "table/files/file_locations.h"

#include <array>
#include <cstddef>
#include <utility>

#include "table/files/inspect.h"

namespace evodb {
namespace {

constexpr std::array<bool, 256> plain_characters = [] {
  std::array<bool, 256> are_plain{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+%./")) {
    are_plain[static_cast<unsigned char>(c)] = true;
  }
  return are_plain;
}();

/// Names that mean the same in every location, none of them empty or beginning with a dot.
bool is_plain(std::string_view names) noexcept {
  char before = '/';
  bool all_plain = !names.empty();
  for (const char c : names) {
    all_plain &= plain_characters[static_cast<unsigned char>(c)] && !(before == '/' && (c == '/' || c == '.'));
    before = c;
  }
  return all_plain && before != '/';
}

}  // namespace

file_locations::file_locations(table of, bool allow_outside)
    : table_(std::move(of)), allow_outside_(allow_outside), folder_(table_.context()->location().child({}).to_text()) {}

std::string file_locations::find(std::string_view path) {
  const std::string_view name = path.starts_with(folder_) ? path.substr(folder_.size()) : path;
  if (is_folder_checked_ && is_plain(name)) return std::string(folder_).append(name);
  std::string located = data_file_location(table_, path, allow_outside_);
  is_folder_checked_ |= located.starts_with(folder_) && is_plain(std::string_view(located).substr(folder_.size()));
  return located;
}

}  // namespace evodb
