#include "io/s3/profile_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/text_cursor.h"

namespace evodb {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr const char *blanks = " \t\r";

bool is_comment(std::string_view text) {
  return text.starts_with('#') || text.starts_with(';');
}

/// Without a comment behind it, which a blank sets apart: keys may hold either sign.
std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i)
    if (is_comment(text.substr(i)) && (text[i - 1] == ' ' || text[i - 1] == '\t')) return trimmed(text.substr(0, i));
  return is_comment(text) ? std::string_view() : text;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// What stands between the brackets, with one blank between two words, and without the quotes around the last one.
std::string section_name(std::string_view text) {
  std::string name(trimmed(text));
  const std::size_t blank = name.find_first_of(" \t");
  if (blank == name.npos) return name;
  std::string kind = name.substr(0, blank);
  std::string_view rest = trimmed(std::string_view(name).substr(blank));
  if (rest.size() >= 2 && rest.front() == rest.back() && (rest.front() == '"' || rest.front() == '\''))
    rest = rest.substr(1, rest.size() - 2);
  return kind == "profile" ? std::string(rest) : kind + " " + std::string(rest);
}

std::string whole_text(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(largest_file + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > largest_file)
    fail(status::INVALID_ARGUMENT, fmt::format("too large for a file of profiles: {}", path), path);
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  return text;
}

class reader {
 public:
  explicit reader(const std::string &path) : path_(path) {}

  std::map<std::string, profile_section> read() {
    const std::string text = whole_text(path_);
    std::string_view rest = text;
    for (number_ = 1; !rest.empty(); ++number_) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      take(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return std::move(sections_);
  }

 private:
  void take(std::string_view line) {
    const std::string_view text = trimmed(line);
    if (text.empty() || is_comment(text)) return;
    const std::size_t indent = line.find_first_not_of(blanks);
    if (!setting_.empty() && indent > indent_) return take_nested(text);
    indent_ = indent;
    const std::size_t bracket = text.find(']');
    if (text.front() == '[') {
      if (bracket == text.npos)
        fail(status::INVALID_ARGUMENT, fmt::format("{}, line {}: a section's name without its ]", path_, number_),
             path_);
      inside_ = &sections_[section_name(text.substr(1, bracket - 1))];
      setting_.clear();
      return;
    }
    const std::size_t delimiter = text.find_first_of("=:");
    if (inside_ == nullptr) return;
    if (delimiter == text.npos || delimiter == 0) {
      inside_->malformed_line = number_;
      return;
    }
    setting_ = lower_case(trimmed(text.substr(0, delimiter)));
    inside_->settings.insert_or_assign(setting_, without_comment(trimmed(text.substr(delimiter + 1))));
  }

  /// A line that stands deeper than the setting before it belongs to that; what is no setting itself continues a value,
  /// which none that is of use here has.
  void take_nested(std::string_view text) {
    const std::size_t delimiter = text.find('=');
    if (delimiter == text.npos) return;
    inside_->settings.insert_or_assign(setting_ + "." + lower_case(trimmed(text.substr(0, delimiter))),
                                       without_comment(trimmed(text.substr(delimiter + 1))));
  }

  const std::string &path_;
  std::map<std::string, profile_section> sections_;
  profile_section *inside_ = nullptr;
  std::string setting_;     ///< of the line before; empty behind a section's name
  std::size_t indent_ = 0;  ///< of that line
  int number_ = 0;
};

}  // namespace

std::map<std::string, profile_section> read_profile_file(const std::string &path) {
  return reader(path).read();
}

}  // namespace evodb
