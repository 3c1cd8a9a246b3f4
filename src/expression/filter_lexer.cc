#include "expression/filter_lexer.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text_cursor.h"
#include "base/utf8.h"

namespace evodb {
namespace {

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
/// Letters of all languages: what is not ASCII belongs to words.
bool is_name_char(char c) noexcept {
  return is_word_char(c) || (c & 0x80) != 0;
}
bool is_lead(char c) noexcept {
  return (c & 0xc0) != 0x80;
}

}  // namespace

void fail_filter(std::string_view problem, std::size_t at) {
  fail(status::INVALID_FILTER, fmt::format("filter does not parse: {} at character {}", problem, at));
}

bool filter_token::is_keyword(std::string_view keyword) const noexcept {
  return kind == kind::word && equal_ignoring_case(text, keyword);
}

filter_lexer::filter_lexer(std::string_view text) : text_(text) {
  if (!is_utf8(text)) fail(status::INVALID_FILTER, "filter is not UTF-8");
  read_token();
}

filter_token filter_lexer::take() {
  filter_token taken = std::move(token_);
  read_token();
  return taken;
}

void filter_lexer::read_token() {
  skip_while(is_space);
  for (; counted_ < next_; ++counted_) characters_ += is_lead(text_[counted_]);
  token_ = filter_token();
  token_.at = characters_ + 1;
  if (next_ == text_.size()) return;
  const char first = text_[next_];
  const bool sign = first == '-' || first == '+';
  const std::size_t start = next_;
  if (is_digit(at(sign)) || (at(sign) == '.' && is_digit(at(sign + 1u)))) {
    read_number();
  } else if ((first == 'x' || first == 'X') && at(1) == '\'') {
    read_hex();
  } else if (is_name_char(first)) {
    skip_while(is_name_char);
    finish(filter_token::kind::word, start);
  } else if (first == '\'') {
    read_quoted(first, filter_token::kind::text);
  } else if (first == '"') {
    read_quoted(first, filter_token::kind::quoted_name);
    if (token_.text.empty()) fail_filter("name is empty", token_.at);
  } else {
    read_symbol();
  }
}

void filter_lexer::read_number() {
  const std::size_t start = next_++;  // a digit, a sign or the point
  const bool leads_with_point = text_[start] == '.';
  skip_while(is_digit);
  if (!leads_with_point && at(0) == '.') {
    ++next_;
    skip_while(is_digit);
  }
  const bool signed_exponent = at(1) == '-' || at(1) == '+';
  if ((at(0) == 'e' || at(0) == 'E') && is_digit(at(1u + signed_exponent))) {
    next_ += 1u + signed_exponent;
    skip_while(is_digit);
  }
  if (is_name_char(at(0)) || at(0) == '.') fail_filter("number is malformed", token_.at);
  finish(filter_token::kind::number, start);
}

void filter_lexer::read_quoted(char quote, enum filter_token::kind kind) {
  token_.kind = kind;
  for (++next_;; ++next_) {
    const std::size_t closing = text_.find(quote, next_);
    if (closing == std::string_view::npos) fail_filter("quote is not closed", token_.at);
    token_.text += text_.substr(next_, closing - next_);
    next_ = closing + 1;
    if (at(0) != quote) return;
    token_.text += quote;  // two quotes stand for one
  }
}

void filter_lexer::read_hex() {
  ++next_;
  read_quoted('\'', filter_token::kind::hex);
  try {
    token_.text = from_hex(token_.text);
  } catch (const error &) {
    fail_filter("X'…' needs an even number of hexadecimal digits", token_.at);
  }
}

void filter_lexer::read_symbol() {
  const std::size_t start = next_;
  const std::string_view here = text_.substr(start, 2);
  if (here == "<=" || here == ">=" || here == "<>" || here == "!=") {
    next_ += 2;
  } else if (std::string_view("=<>(),.").find(here.front()) != std::string_view::npos) {
    ++next_;
  } else {
    const char *hint = here.front() == '`' ? " (names are quoted with double quotes)" : "";
    fail_filter(fmt::format("unexpected '{}'{}", here.front(), hint), token_.at);
  }
  finish(filter_token::kind::symbol, start);
}

void filter_lexer::skip_while(bool (*belongs)(char)) noexcept {
  while (next_ < text_.size() && belongs(text_[next_])) ++next_;
}

void filter_lexer::finish(enum filter_token::kind kind, std::size_t start) {
  token_.kind = kind;
  token_.text = text_.substr(start, next_ - start);
}

}  // namespace evodb
