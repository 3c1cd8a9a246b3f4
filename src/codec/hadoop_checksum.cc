#include "codec/hadoop_checksum.h"

#include <libdeflate.h>

#include <cstdint>

#include "base/big_endian.h"

namespace evodb {
namespace {

constexpr byte_view checksum_magic("crc\0", 4);
constexpr std::size_t number_bytes = 4;

}  // namespace

bool contradicts(byte_view checksum_file, byte_view content) {
  if (checksum_file.size() < checksum_magic.size() + number_bytes || !checksum_file.starts_with(checksum_magic))
    return false;
  checksum_file.remove_prefix(checksum_magic.size());
  const std::size_t chunk = load_be32(checksum_file.data());
  checksum_file.remove_prefix(number_bytes);
  if (chunk == 0) return false;
  while (!content.empty()) {
    const byte_view part = content.substr(0, chunk);
    content.remove_prefix(part.size());
    if (checksum_file.size() < number_bytes) return true;
    if (libdeflate_crc32(0, part.data(), part.size()) != load_be32(checksum_file.data())) return true;
    checksum_file.remove_prefix(number_bytes);
  }
  return false;
}

}  // namespace evodb
