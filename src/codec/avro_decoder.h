#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/bytes.h"
#include "base/little_endian.h"
#include "codec/avro_schema.h"

namespace evodb {

/// Readable bytes that must lie behind a decoder's data, all zero: a varint that runs over the end stops there, so that
/// its bytes need no bounds check each.
inline constexpr std::size_t avro_padding = 32;

/// Whether bytes are UTF-8, as Avro's strings must be.
bool is_avro_text(std::string_view text) noexcept;

/// Where data came from, for messages.
struct avro_place {
  std::string_view subject;      ///< the file
  std::size_t block_offset = 0;  ///< of the block in the file
};

/// Avro's primitives out of one inflated block (Avro specification, "Binary Encoding"). Every read is checked against
/// the end of the data; whatever does not fit throws CORRUPT naming file, block and offset.
class avro_decoder {
 public:
  /// `data` must have avro_padding zero bytes behind it, and outlive the decoder.
  avro_decoder(byte_view data, avro_place place) noexcept
      : at_(reinterpret_cast<const std::uint8_t *>(data.data())), begin_(at_), end_(at_ + data.size()), place_(place) {}

  bool at_end() const noexcept { return at_ == end_; }
  std::size_t remaining() const noexcept { return static_cast<std::size_t>(end_ - at_); }

  std::int64_t read_long() {
    const std::uint64_t raw = read_varint();
    return static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1);
  }

  std::int32_t read_int() {
    const std::int64_t number = read_long();
    if (number != static_cast<std::int32_t>(number)) corrupt("an int does not fit into 32 bits");
    return static_cast<std::int32_t>(number);
  }

  bool read_boolean() {
    const std::uint8_t octet = *take(1);
    if (octet > 1) corrupt("a boolean is neither 0 nor 1");
    return octet == 1;
  }

  float read_float() { return load_le<float>(take(4)); }
  double read_double() { return load_le<double>(take(8)); }

  std::string_view read_fixed(std::size_t size) { return {reinterpret_cast<const char *>(take(size)), size}; }

  /// Of bytes and strings (see is_avro_text).
  std::string_view read_bytes() {
    const std::int64_t size = read_long();
    if (size < 0) corrupt("a length is negative");
    return read_fixed(static_cast<std::size_t>(size));
  }

  /// Of an enumeration. Good as long as the type.
  std::string_view read_symbol(const avro_type &type) {
    const std::int64_t position = read_long();
    if (position < 0 || static_cast<std::uint64_t>(position) >= type.symbols.size())
      corrupt("an enum has no such symbol");
    return type.symbols[static_cast<std::size_t>(position)];
  }

  std::size_t read_branch(std::size_t branches) {
    const std::uint64_t raw = read_varint();
    if ((raw & 1) != 0 || (raw >> 1) >= branches) corrupt("a union has no such branch");
    return static_cast<std::size_t>(raw >> 1);
  }

  /// Whether a value of an optional type (see option_of) is there.
  bool read_present(std::int8_t null_branch) {
    return null_branch < 0 || read_branch(2) != static_cast<std::size_t>(null_branch);
  }

  /// How many items the next block of an array or a map has; 0 ends it. `least_bytes` is the least an item takes, at
  /// least 1.
  std::size_t read_item_count(std::uint64_t least_bytes) {
    std::int64_t count = read_long();
    if (count == 0) return 0;
    if (count < 0) count = counted_by_size(count);
    std::uint64_t least = 0;
    if (__builtin_mul_overflow(static_cast<std::uint64_t>(count), least_bytes, &least) || least > remaining()) {
      corrupt("more items than bytes are left");
    }
    return static_cast<std::size_t>(count);
  }

  void skip(const avro_type &type);
  /// Skips values that are varints, whatever they mean: nearly as fast as the bytes can be read.
  void skip_varints(std::size_t count);
  void skip_varint() { read_varint(); }

  /// Skips pairs of a varint and bytes.
  void skip_keyed_bytes(std::size_t count) {
    for (; count > 0; --count) {
      skip_varint();
      read_bytes();
    }
  }

  [[noreturn]] void corrupt(std::string_view what) const { fail_at(at_ - begin_, what, place_); }

 private:
  std::uint64_t read_varint() {
    const std::uint64_t first = *at_;
    if (first < 0x80) {
      ++at_;
      if (at_ > end_) corrupt("the data ends within a number");
      return first;
    }
    return read_long_varint();
  }

  std::uint64_t read_long_varint() {
    const auto word = load_le<std::uint64_t>(at_);
    const std::uint64_t stops = ~word & 0x8080808080808080;
    if (stops == 0) {
      const longest_varint read = read_longest_varint(at_, begin_, place_);
      at_ += read.size;
      if (at_ > end_) corrupt("the data ends within a number");
      return read.number;
    }
    at_ += (std::countr_zero(stops) >> 3) + 1;
    if (at_ > end_) corrupt("the data ends within a number");
    // Keep what lies up to the stop bit, then close the gaps of one bit a byte in three steps.
    std::uint64_t x = word & (stops ^ (stops - 1)) & 0x7f7f7f7f7f7f7f7f;
    x = (x & 0x007f007f007f007f) | ((x & 0x7f007f007f007f00) >> 1);
    x = (x & 0x00003fff00003fff) | ((x & 0x3fff00003fff0000) >> 2);
    return (x & 0x000000000fffffff) | ((x & 0x0fffffff00000000) >> 4);
  }

  const std::uint8_t *take(std::size_t size) {
    if (size > remaining()) corrupt("a value is longer than what is left");
    const std::uint8_t *from = at_;
    at_ += size;
    return from;
  }

  // The rare ways are static and take values: a decoder whose address is not taken lives in registers.
  struct longest_varint {
    std::uint64_t number;
    std::size_t size;
  };
  static longest_varint read_longest_varint(const std::uint8_t *at, const std::uint8_t *begin, avro_place place);
  [[noreturn]] static void fail_at(std::ptrdiff_t offset, std::string_view what, avro_place place);

  std::int64_t counted_by_size(std::int64_t negative_count) {
    if (negative_count == std::numeric_limits<std::int64_t>::min()) corrupt("a count is out of range");
    const std::int64_t size = read_long();
    if (size < 0 || static_cast<std::uint64_t>(size) > remaining())
      corrupt("a block of items is longer than what is left");
    return -negative_count;
  }

  const std::uint8_t *at_;
  const std::uint8_t *begin_;
  const std::uint8_t *end_;
  avro_place place_;
};

}  // namespace evodb
