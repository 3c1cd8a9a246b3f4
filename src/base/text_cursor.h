#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace evodb {

/// Walks over a short text that people write (types, partition specs, times). Failures are INVALID_ARGUMENT and point
/// at the character: code points from the front, counted from 1.
class text_cursor {
 public:
  /// `what` names the kind of text in failures, such as "type".
  text_cursor(std::string_view what, std::string_view text) noexcept : what_(what), text_(text) {}

  std::size_t position() const noexcept { return at_; }
  std::string_view text_since(std::size_t position) const noexcept { return text_.substr(position, at_ - position); }
  bool at_end() const noexcept { return at_ == text_.size(); }
  char peek() const noexcept { return at_end() ? '\0' : text_[at_]; }

  void skip_spaces() noexcept;
  bool take(char c) noexcept;  ///< whether it stood here and was taken
  void expect(char c);
  /// Takes the word if it stands here, ignoring case, and no letter, digit or underscore follows it.
  bool take_keyword(std::string_view keyword) noexcept;

  std::string_view take_digits(std::size_t at_most) noexcept;  ///< 0 to 9, perhaps none
  std::string_view take_word() noexcept;                       ///< letters, digits and underscores, perhaps none
  std::string_view take_until(std::string_view stops) noexcept;
  /// A decimal integer of at least one digit; spaces around it are skipped.
  int expect_int();
  /// The inside of "…", in which "" stands for one quote.
  std::string expect_quoted();
  void expect_end();

  [[noreturn]] void fail_here(std::string_view expected) const { fail_at(at_, expected); }
  [[noreturn]] void fail_at(std::size_t position, std::string_view problem) const;

 private:
  std::string_view what_;
  std::string_view text_;
  std::size_t at_ = 0;
};

/// 0 to 9, whatever the locale.
constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
/// Whether `c` belongs to a word: an ASCII letter or digit, or an underscore, whatever the locale.
bool is_word_char(char c) noexcept;
/// Without the spaces, tabs and line ends around it.
std::string_view trimmed(std::string_view text) noexcept;
/// Compares ASCII letters without their case.
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

}  // namespace evodb
