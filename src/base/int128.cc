#include "base/int128.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text_cursor.h"

namespace evodb {
namespace {

constexpr int max_precision = 38;

constexpr std::array<int128, max_precision + 1> make_powers() {
  std::array<int128, max_precision + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}
constexpr auto powers_of_ten = make_powers();

[[noreturn]] void fail_decimal(std::string_view problem, std::string_view text) {
  fail(status::INVALID_ARGUMENT, fmt::format("{}: '{}'", problem, text));
}

/// A decimal's text taken apart: the value is digits * 10^exponent. No leading zeros, so zero has no digits.
struct decimal_parts {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

decimal_parts split_decimal(std::string_view text) {
  constexpr std::int64_t exponent_limit =
      1'000'000;  // beyond any text that could still fit; keeps the sums from overflowing
  decimal_parts parts;
  std::size_t at = 0;
  const auto take_sign = [&] {
    const bool minus = at < text.size() && text[at] == '-';
    at += at < text.size() && (text[at] == '-' || text[at] == '+');
    return minus;
  };
  parts.negative = take_sign();
  bool any_digit = false, in_fraction = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !in_fraction) {
      in_fraction = true;
    } else if (is_digit(text[at])) {
      any_digit = true;
      parts.exponent -= in_fraction;
      if (text[at] != '0' || !parts.digits.empty()) parts.digits += text[at];
    } else {
      break;
    }
  }
  if (!any_digit) fail_decimal("not a decimal number", text);
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool negative_exponent = take_sign();
    if (at == text.size() || !is_digit(text[at])) fail_decimal("not a decimal number", text);
    std::int64_t exponent = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) {
      exponent = std::min(exponent * 10 + (text[at] - '0'), exponent_limit);
    }
    parts.exponent += negative_exponent ? -exponent : exponent;
  }
  if (at != text.size()) fail_decimal("not a decimal number", text);
  return parts;
}

}  // namespace

bytes to_big_endian(int128 value) {
  char buffer[16];
  for (int i = 15; i >= 0; --i, value >>= 8) buffer[i] = static_cast<char>(value & 0xff);
  // A leading octet is superfluous when it only repeats the sign bit of the next one.
  int first = 0;
  while (first < 15 && (static_cast<unsigned char>(buffer[first]) == ((buffer[first + 1] & 0x80) ? 0xff : 0x00)))
    ++first;
  return bytes(buffer + first, 16 - static_cast<std::size_t>(first));
}

int128 int128_from_big_endian(byte_view data) {
  if (data.empty()) fail(status::CORRUPT, "decimal of 0 bytes");
  uint128 value = (data.front() & 0x80) ? ~uint128{0} : 0;
  const auto sign = static_cast<char>(value & 0xff);
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::size_t behind = data.size() - i;  // octets from here on
    if (behind > 16 && data[i] != sign) fail(status::CORRUPT, fmt::format("decimal of {} bytes", data.size()));
    value = value << 8 | static_cast<unsigned char>(data[i]);
  }
  const bool negative = static_cast<int128>(value) < 0;
  if (negative != (sign != 0)) fail(status::CORRUPT, fmt::format("decimal of {} bytes", data.size()));
  return static_cast<int128>(value);
}

std::string decimal_to_text(int128 unscaled, int scale) {
  uint128 magnitude = unscaled < 0 ? -static_cast<uint128>(unscaled) : static_cast<uint128>(unscaled);
  std::string text;  // reversed
  for (int written = 0; magnitude != 0 || written <= scale; ++written, magnitude /= 10) {
    if (written == scale && scale > 0) text += '.';
    text += static_cast<char>('0' + static_cast<int>(magnitude % 10));
  }
  if (unscaled < 0) text += '-';
  std::reverse(text.begin(), text.end());
  return text;
}

int128 decimal_from_text(std::string_view text, int precision, int scale) {
  decimal_parts parts = split_decimal(text);
  std::int64_t zeros = parts.exponent + scale;  // to append to the digits; negative: digits to take away
  for (; zeros < 0 && !parts.digits.empty(); ++zeros) {
    if (parts.digits.back() != '0') {
      fail_decimal(fmt::format("number has more than {} digits behind the decimal point", scale), text);
    }
    parts.digits.pop_back();
  }
  if (parts.digits.empty()) return 0;
  if (static_cast<std::int64_t>(parts.digits.size()) + zeros > precision) {
    fail_decimal(fmt::format("number is out of range for decimal({},{})", precision, scale), text);
  }
  int128 value = 0;
  for (const char digit : parts.digits) value = value * 10 + (digit - '0');
  value *= power_of_ten(static_cast<int>(zeros));
  return parts.negative ? -value : value;
}

int128 power_of_ten(int n) {
  return powers_of_ten.at(static_cast<std::size_t>(n));
}

}  // namespace evodb
