#include "codec/avro_decoder.h"

#include <string>

#include "base/error.h"
#include "base/little_endian.h"
#include "base/utf8.h"

namespace evodb {

bool is_avro_text(std::string_view text) noexcept {
  // Paths are ASCII as a rule, and that is quickly seen.
  std::uint64_t seen = 0;
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) seen |= load_le<std::uint64_t>(text.data() + i);
  for (; i < text.size(); ++i) seen |= static_cast<std::uint8_t>(text[i]);
  return (seen & 0x8080808080808080) == 0 || is_utf8(text);
}

void avro_decoder::fail_at(std::ptrdiff_t offset, std::string_view what, avro_place place) {
  fail(status::CORRUPT,
       std::string(what) + ": block at " + std::to_string(place.block_offset) + ", offset " + std::to_string(offset) +
           " inflated",
       std::string(place.subject));
}

avro_decoder::longest_varint avro_decoder::read_longest_varint(const std::uint8_t *at, const std::uint8_t *begin,
                                                               avro_place place) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    const std::uint64_t octet = at[i];
    if (i == 9 && octet > 1) break;
    number |= (octet & 0x7f) << (7 * i);
    if (octet < 0x80) return {number, i + 1};
  }
  fail_at(at - begin, "a number does not fit into 64 bits", place);
}

void avro_decoder::skip_varints(std::size_t count) {
  // Each varint has one byte without the top bit. Words are taken whole while they hold fewer such bytes than are still
  // to come; the padding behind the data is all such bytes.
  const std::uint8_t *at = at_;
  while (count > 0) {
    if (at > end_) corrupt("the data ends within a number");
    std::uint64_t stops = ~load_le<std::uint64_t>(at) & 0x8080808080808080;
    const std::size_t stopped = ((stops >> 7) * 0x0101010101010101) >> 56;
    if (stopped < count) {
      count -= stopped;
      at += 8;
      continue;
    }
    for (; count > 1; --count) stops &= stops - 1;
    at += (std::countr_zero(stops) >> 3) + 1;
    count = 0;
  }
  if (at > end_) corrupt("the data ends within a number");
  at_ = at;
}

void avro_decoder::skip(const avro_type &type) {
  if (type.least_bytes == 0) return;  // such values take no bytes, however many there are
  switch (type.kind) {
    case avro_kind::null:
      return;
    case avro_kind::boolean:
      read_boolean();
      return;
    case avro_kind::int32:
    case avro_kind::int64:
    case avro_kind::enumeration:
      read_varint();
      return;
    case avro_kind::float32:
      take(4);
      return;
    case avro_kind::float64:
      take(8);
      return;
    case avro_kind::binary:
    case avro_kind::string:
      read_bytes();
      return;
    case avro_kind::fixed:
      take(type.size);
      return;
    case avro_kind::record:
      for (const avro_field &field : type.fields) skip(*field.type);
      return;
    case avro_kind::choice:
      skip(*type.branches[read_branch(type.branches.size())]);
      return;
    case avro_kind::array:
    case avro_kind::map: {
      const std::uint64_t key_bytes = type.kind == avro_kind::map ? 1 : 0;
      const std::uint64_t least = type.items->least_bytes + key_bytes;
      if (least == 0) {  // a count is all there is
        while (std::int64_t count = read_long()) {
          if (count < 0) read_long();
        }
        return;
      }
      while (std::size_t count = read_item_count(least)) {
        for (; count > 0; --count) {
          if (key_bytes != 0) read_bytes();
          skip(*type.items);
        }
      }
      return;
    }
  }
}

}  // namespace evodb
