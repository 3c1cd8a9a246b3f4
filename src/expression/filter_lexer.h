#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace evodb {

struct filter_token {
  enum class kind : std::uint8_t { word, quoted_name, number, text, hex, symbol, end };
  enum kind kind = kind::end;
  std::string text;    ///< what quotes hold, unescaped; raw bytes of X'…'; the rest as written
  std::size_t at = 0;  ///< its first character: code points from 1

  bool is_symbol(std::string_view symbol) const noexcept { return kind == kind::symbol && text == symbol; }
  /// An unquoted word, whatever its case.
  bool is_keyword(std::string_view keyword) const noexcept;
};

/// Cuts a filter's text into tokens, one at a time. Throws INVALID_FILTER on what is no token.
class filter_lexer {
 public:
  /// Throws where the text is not UTF-8.
  explicit filter_lexer(std::string_view text);

  const filter_token &peek() const noexcept { return token_; }
  filter_token take();  ///< the token here; moves on to the next one

 private:
  void read_token();
  void read_number();
  void read_quoted(char quote, enum filter_token::kind kind);
  void read_hex();
  void read_symbol();
  void skip_while(bool (*belongs)(char)) noexcept;
  char at(std::size_t ahead) const noexcept { return next_ + ahead < text_.size() ? text_[next_ + ahead] : '\0'; }
  void finish(enum filter_token::kind kind, std::size_t start);

  std::string_view text_;
  std::size_t next_ = 0;     // offset behind the token
  std::size_t counted_ = 0;  // up to this offset code points are counted
  std::size_t characters_ = 0;
  filter_token token_;
};

/// "filter does not parse: PROBLEM at character N"
[[noreturn]] void fail_filter(std::string_view problem, std::size_t at);

}  // namespace evodb
