#include "base/text_cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"

namespace evodb {
namespace {

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

bool is_word_char(char c) noexcept {
  return is_digit(c) || c == '_' || (to_lower(c) >= 'a' && to_lower(c) <= 'z');
}

std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

void text_cursor::skip_spaces() noexcept {
  while (!at_end() && is_space(text_[at_])) ++at_;
}

bool text_cursor::take(char c) noexcept {
  if (at_end() || text_[at_] != c) return false;
  ++at_;
  return true;
}

void text_cursor::expect(char c) {
  if (!take(c)) fail_here(fmt::format("expected '{}'", c));
}

bool text_cursor::take_keyword(std::string_view keyword) noexcept {
  const std::string_view here = text_.substr(at_);
  if (!equal_ignoring_case(here.substr(0, keyword.size()), keyword)) return false;
  if (here.size() > keyword.size() && is_word_char(here[keyword.size()])) return false;
  at_ += keyword.size();
  return true;
}

std::string_view text_cursor::take_digits(std::size_t at_most) noexcept {
  const std::size_t start = at_;
  while (!at_end() && at_ - start < at_most && is_digit(text_[at_])) ++at_;
  return text_.substr(start, at_ - start);
}

std::string_view text_cursor::take_word() noexcept {
  const std::size_t start = at_;
  while (!at_end() && is_word_char(text_[at_])) ++at_;
  return text_.substr(start, at_ - start);
}

std::string_view text_cursor::take_until(std::string_view stops) noexcept {
  const std::size_t start = at_;
  at_ = std::min(text_.find_first_of(stops, start), text_.size());
  return text_.substr(start, at_ - start);
}

int text_cursor::expect_int() {
  skip_spaces();
  const std::size_t start = at_;
  const std::string_view digits = take_digits(text_.size());
  if (digits.empty()) fail_here("expected a number");
  int value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc()) {
    fail_at(start, "number is too large");
  }
  skip_spaces();
  return value;
}

std::string text_cursor::expect_quoted() {
  const std::size_t start = at_;
  expect('"');
  std::string inside;
  while (true) {
    inside += take_until("\"");
    if (!take('"')) fail_at(start, "quote is not closed");
    if (!take('"')) return inside;
    inside += '"';
  }
}

void text_cursor::expect_end() {
  skip_spaces();
  if (!at_end()) fail_here("expected the end");
}

void text_cursor::fail_at(std::size_t position, std::string_view problem) const {
  const auto is_lead = [](char c) { return (c & 0xc0) != 0x80; };
  const auto code_points = std::count_if(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(position), is_lead);
  fail(status::INVALID_ARGUMENT,
       fmt::format("{} does not parse: {} at character {}: '{}'", what_, problem, code_points + 1, text_));
}

}  // namespace evodb
