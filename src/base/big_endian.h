#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace evodb {

inline std::uint32_t load_be32(const char *from) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8 | static_cast<std::uint8_t>(from[i]);
  return value;
}

inline void append_be32(std::string &to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>(value >> shift);
}

}  // namespace evodb
