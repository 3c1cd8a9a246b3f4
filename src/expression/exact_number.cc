#include "expression/exact_number.h"

#include <algorithm>

#include "base/text_cursor.h"
#include "model/type.h"

namespace evodb {
namespace {}  // namespace

std::optional<exact_number> exact_number::parse(std::string_view text) {
  constexpr std::int64_t exponent_limit = 1'000'000'000;  // far beyond every type; keeps sums from overflowing
  exact_number number;
  std::size_t at = 0;
  const auto take_sign = [&] {
    const bool minus = at < text.size() && text[at] == '-';
    at += at < text.size() && (text[at] == '-' || text[at] == '+');
    return minus;
  };
  number.negative_ = take_sign();
  bool any_digit = false, in_fraction = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !in_fraction) {
      in_fraction = true;
      continue;
    }
    if (!is_digit(text[at])) break;
    any_digit = true;
    number.exponent_ -= in_fraction;
    if (text[at] != '0' || !number.digits_.empty()) number.digits_ += text[at];
  }
  if (!any_digit) return std::nullopt;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool minus = take_sign();
    if (at == text.size()) return std::nullopt;
    std::int64_t exponent = 0;
    for (; at < text.size() && is_digit(text[at]); ++at)
      exponent = std::min(exponent * 10 + (text[at] - '0'), exponent_limit);
    number.exponent_ += minus ? -exponent : exponent;
  }
  if (at != text.size()) return std::nullopt;
  while (!number.digits_.empty() && number.digits_.back() == '0') {
    number.digits_.pop_back();
    ++number.exponent_;
  }
  return number;
}

exact_number::scaled exact_number::scaled_to(int scale) const {
  if (is_zero()) return {};
  const std::int64_t whole_digits = static_cast<std::int64_t>(digits_.size()) + exponent_ + scale;
  if (whole_digits > type::max_precision) return {negative_ ? scaled::fit::too_low : scaled::fit::too_high, 0};
  int128 magnitude = 0;
  for (std::int64_t i = 0; i < whole_digits; ++i) {
    const auto digit = static_cast<std::size_t>(i);
    magnitude = magnitude * 10 + (digit < digits_.size() ? digits_[digit] - '0' : 0);
  }
  const bool exact = whole_digits >= static_cast<std::int64_t>(digits_.size());
  const int128 floor = negative_ ? -magnitude - !exact : magnitude;
  return {exact ? scaled::fit::exact : scaled::fit::between, floor};
}

}  // namespace evodb
