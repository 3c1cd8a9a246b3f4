#include "codec/hadoop_checksum.h"

#include <libdeflate.h>

#include <cstdint>

namespace evodb {
namespace {

constexpr byte_view checksum_magic("crc\0", 4);
constexpr std::size_t number_bytes = 4;

std::uint32_t big_endian(byte_view number) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < number_bytes; ++i) value = value << 8 | static_cast<std::uint8_t>(number[i]);
  return value;
}

}  // namespace

bool contradicts(byte_view checksum_file, byte_view content) {
  if (checksum_file.size() < checksum_magic.size() + number_bytes || !checksum_file.starts_with(checksum_magic))
    return false;
  checksum_file.remove_prefix(checksum_magic.size());
  const std::size_t chunk = big_endian(checksum_file);
  checksum_file.remove_prefix(number_bytes);
  if (chunk == 0) return false;
  while (!content.empty()) {
    const byte_view part = content.substr(0, chunk);
    content.remove_prefix(part.size());
    if (checksum_file.size() < number_bytes) return true;
    if (libdeflate_crc32(0, part.data(), part.size()) != big_endian(checksum_file)) return true;
    checksum_file.remove_prefix(number_bytes);
  }
  return false;
}

}  // namespace evodb
