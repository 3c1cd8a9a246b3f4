#pragma once

#include <bit>
#include <cstring>
#include <string>

namespace evodb {

static_assert(std::endian::native == std::endian::little, "the codecs read and write little-endian memory as it is");

template <typename T>
T load_le(const void *from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

template <typename T>
void append_le(std::string &to, T value) {
  to.append(reinterpret_cast<const char *>(&value), sizeof(T));
}

}  // namespace evodb
