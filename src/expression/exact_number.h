#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/int128.h"

namespace evodb {

/// A decimal number as it was written, without rounding: digits * 10^exponent.
class exact_number {
 public:
  /// "[+-]digits[.digits][e[+-]digits]"; null where the text is something else.
  static std::optional<exact_number> parse(std::string_view text);

  struct scaled {
    enum class fit : std::uint8_t { too_low, exact, between, too_high };
    enum fit fit = fit::exact;
    int128 floor = 0;  ///< of exact and between
  };
  /// The number times 10^scale: exact where that is an integer, else the integer below it; too low or high beyond 38
  /// digits.
  scaled scaled_to(int scale) const;

  bool is_negative() const noexcept { return negative_; }
  bool is_zero() const noexcept { return digits_.empty(); }
  /// Whether its absolute value is 1 or more.
  bool has_whole_part() const noexcept { return static_cast<std::int64_t>(digits_.size()) + exponent_ > 0; }

 private:
  bool negative_ = false;
  std::string digits_;  // neither leading nor trailing zeros; none: zero
  std::int64_t exponent_ = 0;
};

}  // namespace evodb
