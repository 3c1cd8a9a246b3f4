#include "codec/deletion_vector.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <limits>
#include <string>

#include "base/big_endian.h"
#include "base/error.h"
#include "base/little_endian.h"
#include "codec/roaring_bitmap.h"

namespace evodb {
namespace {

// The blob: length of magic and vector, magic, vector (number of bitmaps; for each its key and the bitmap), CRC-32 of
// magic and vector. Length and CRC are big-endian.
constexpr byte_view vector_magic = "\xD1\xD3\x39\x64";
constexpr std::size_t vector_length_bytes = 4, vector_checksum_bytes = 4;
constexpr std::size_t bitmap_key_bytes = 4;
/// Iceberg Java numbers its bitmaps by positive ints, the last of which it leaves out.
constexpr std::int64_t largest_key = std::numeric_limits<std::int32_t>::max() - 1;

[[noreturn]] void fail_vector(std::string_view problem, std::string_view file) {
  fail(status::CORRUPT, fmt::format("the deletion vector is not valid: {} ({})", problem, file), std::string(file));
}

/// What is behind the magic, once length and checksum are right.
byte_view vector_in(byte_view blob, std::string_view file) {
  constexpr std::size_t around = vector_length_bytes + vector_checksum_bytes;
  if (blob.size() < around + vector_magic.size() + sizeof(std::uint64_t)) fail_vector("it is too short", file);
  const byte_view content = blob.substr(vector_length_bytes, blob.size() - around);
  if (load_be32(blob.data()) != content.size()) fail_vector("its length is not that of the blob", file);
  if (!content.starts_with(vector_magic)) fail_vector("it does not begin with the magic number", file);
  if (libdeflate_crc32(0, content.data(), content.size()) != load_be32(content.data() + content.size()))
    fail_vector("its checksum is wrong", file);
  return content.substr(vector_magic.size());
}

template <typename Visit>
void for_each_bitmap(byte_view vector, std::string_view file, Visit visit) {
  const auto count = load_le<std::uint64_t>(vector.data());
  vector.remove_prefix(sizeof count);
  std::int64_t last_key = -1;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (vector.size() < bitmap_key_bytes) fail_vector("it has fewer bitmaps than it says", file);
    const std::int64_t key = load_le<std::uint32_t>(vector.data());
    if (key <= last_key || key > largest_key) fail_vector("the keys of its bitmaps do not ascend", file);
    last_key = key;
    vector.remove_prefix(bitmap_key_bytes);
    const roaring_bitmap bitmap(vector, file);
    visit(key << 32, bitmap);
    vector.remove_prefix(bitmap.size_in_bytes());
  }
  if (!vector.empty()) fail_vector("there is something behind its last bitmap", file);
}

void check_ascending(std::span<const std::int64_t> positions) {
  std::int64_t last = -1;
  for (const std::int64_t position : positions) {
    if (position <= last || position >> 32 > largest_key)
      fail(status::INVALID_ARGUMENT, fmt::format("position {} of a deletion vector, after {}", position, last));
    last = position;
  }
}

}  // namespace

deleted_positions decode_deletion_vector(byte_view blob, std::string_view file, memory_budget &budget) {
  const byte_view vector = vector_in(blob, file);
  std::int64_t cardinality = 0;
  for_each_bitmap(vector, file, [&](std::int64_t, const roaring_bitmap &b) { cardinality += b.cardinality(); });
  deleted_positions decoded;
  decoded.held = budget.reserve(cardinality * static_cast<std::int64_t>(sizeof(std::int64_t)));
  decoded.positions.reserve(static_cast<std::size_t>(cardinality));
  for_each_bitmap(vector, file,
                  [&](std::int64_t base, const roaring_bitmap &b) { b.append_to(decoded.positions, base); });
  return decoded;
}

bytes encode_deletion_vector(std::span<const std::int64_t> positions) {
  check_ascending(positions);
  bytes vector(vector_magic);
  const std::size_t count_at = vector.size();
  append_le(vector, std::uint64_t{0});
  std::uint64_t count = 0;
  for (std::size_t begin = 0, end = 0; begin < positions.size(); begin = end) {
    const std::int64_t key = positions[begin] >> 32;
    while (end < positions.size() && positions[end] >> 32 == key) ++end;
    append_le(vector, static_cast<std::uint32_t>(key));
    append_roaring_bitmap(vector, positions.subspan(begin, end - begin));
    ++count;
  }
  std::memcpy(vector.data() + count_at, &count, sizeof count);
  constexpr std::size_t largest = std::numeric_limits<std::int32_t>::max();
  if (vector.size() > largest - vector_length_bytes - vector_checksum_bytes)
    fail(status::RESOURCE_EXHAUSTED, fmt::format("a deletion vector of {} positions takes {} bytes, and may take 2 GiB",
                                                 positions.size(), vector.size()));
  bytes blob;
  blob.reserve(vector.size() + vector_length_bytes + vector_checksum_bytes);
  append_be32(blob, static_cast<std::uint32_t>(vector.size()));
  blob += vector;
  append_be32(blob, libdeflate_crc32(0, vector.data(), vector.size()));
  return blob;
}

}  // namespace evodb
