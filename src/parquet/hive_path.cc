#include "parquet/hive_path.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/text_cursor.h"

namespace evodb {
namespace {

/// What is no escape stands for itself.
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool has_room = text[i] == '%' && i + 2 < text.size();
    const int high = has_room ? hex_digit(text[i + 1]) : -1, low = has_room ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      decoded += text[i];
    } else {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

/// The folders of a file's path, from the nearest one up.
std::vector<std::string_view> folders_above(std::string_view path) {
  std::vector<std::string_view> folders;
  std::size_t end = path.rfind('/');  // behind it is the file's own name
  while (end != std::string_view::npos && end > 0) {
    const std::size_t slash = path.rfind('/', end - 1);
    const std::size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
    folders.push_back(path.substr(begin, end - begin));
    end = slash;
  }
  return folders;
}

}  // namespace

std::optional<hive_folder> find_hive_folder(std::string_view path, std::string_view column) {
  constexpr std::string_view null_text = "__HIVE_DEFAULT_PARTITION__";
  for (const std::string_view text : folders_above(path)) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || !equal_ignoring_case(percent_decoded(text.substr(0, equals)), column))
      continue;
    const std::string_view value = text.substr(equals + 1);
    return hive_folder{text, value == null_text ? std::nullopt : std::optional(percent_decoded(value))};
  }
  return std::nullopt;
}

std::vector<std::string> hive_columns(std::string_view path) {
  std::vector<std::string> names;
  for (const std::string_view text : folders_above(path)) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) break;
    names.push_back(percent_decoded(text.substr(0, equals)));
  }
  return names;
}

bool is_canonical_integer(std::string_view text) {
  if (text == "0") return true;
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !digits.empty() && digits.front() != '0' && std::all_of(digits.begin(), digits.end(), is_digit);
}

}  // namespace evodb
