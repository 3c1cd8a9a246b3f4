#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace evodb {

static_assert(std::endian::native == std::endian::little, "the codecs read and write little-endian memory as it is");

/// Bytes are held in strings: they come from files, go to files, and views of them are cheap.
using bytes = std::string;
using byte_view = std::string_view;

template <typename T>
T load_le(const void *from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

template <typename T>
void append_le(bytes &to, T value) {
  to.append(reinterpret_cast<const char *>(&value), sizeof(T));
}

/// -1: not a hexadecimal digit.
int hex_digit(char c) noexcept;
std::string to_hex(byte_view data);
/// Throws INVALID_ARGUMENT naming the offending text.
bytes from_hex(std::string_view text);
/// The standard alphabet, padded with "=".
std::string to_base64(byte_view data);

}  // namespace evodb
