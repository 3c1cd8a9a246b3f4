#include "base/bytes.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"

namespace evodb {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string to_hex(byte_view data) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text(data.size() * 2, '\0');
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto octet = static_cast<unsigned char>(data[i]);
    text[2 * i] = digits[octet >> 4];
    text[2 * i + 1] = digits[octet & 15];
  }
  return text;
}

bytes from_hex(std::string_view text) {
  if (text.size() % 2 != 0) {
    fail(status::INVALID_ARGUMENT, fmt::format("hexadecimal text has an odd number of digits: '{}'", text));
  }
  bytes data(text.size() / 2, '\0');
  for (std::size_t i = 0; i < data.size(); ++i) {
    const int high = hex_digit(text[2 * i]);
    const int low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) fail(status::INVALID_ARGUMENT, fmt::format("not hexadecimal text: '{}'", text));
    data[i] = static_cast<char>(high << 4 | low);
  }
  return data;
}

std::string to_base64(byte_view data) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((data.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < data.size(); i += 3) {
    const std::size_t present = std::min<std::size_t>(3, data.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < present ? static_cast<unsigned char>(data[i + j]) : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      text += j <= present ? digits[group >> (18 - 6 * j) & 63] : '=';
    }
  }
  return text;
}

}  // namespace evodb
