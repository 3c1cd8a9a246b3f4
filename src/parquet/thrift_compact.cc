#include "parquet/thrift_compact.h"

#include <fmt/format.h>

#include <limits>

#include "base/error.h"

namespace evodb {
namespace {

std::int64_t from_zigzag(std::uint64_t n) noexcept {
  return static_cast<std::int64_t>(n >> 1) ^ -static_cast<std::int64_t>(n & 1);
}

}  // namespace

void thrift_compact_reader::fail_here(std::string_view problem) const {
  fail(status::CORRUPT, fmt::format("the Parquet footer of {} is not valid: {}, at its byte {}", file_, problem, at_),
       std::string(file_));
}

void thrift_compact_reader::expect(wire_type found, wire_type expected) const {
  if (found != expected)
    fail_here(
        fmt::format("a value of Thrift type {} where {} is due", static_cast<int>(found), static_cast<int>(expected)));
}

void thrift_compact_reader::enter() {
  if (++depth_ > max_depth) fail_here("nested too deeply");
}

std::uint8_t thrift_compact_reader::read_byte() {
  if (at_ == data_.size()) fail_here("it ends within a value");
  return static_cast<std::uint8_t>(data_[at_++]);
}

std::uint64_t thrift_compact_reader::read_varint(int at_most_bits) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < at_most_bits; shift += 7) {
    const std::uint64_t byte = read_byte();
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (at_most_bits < 64 && value >> at_most_bits != 0) break;
      return value;
    }
  }
  fail_here(fmt::format("an integer of more than {} bits", at_most_bits));
}

byte_view thrift_compact_reader::read_bytes(std::uint64_t length) {
  if (length > data_.size() - at_) fail_here("a length beyond the end");
  const byte_view found = data_.substr(at_, length);
  at_ += length;
  return found;
}

thrift_compact_reader::wire_type thrift_compact_reader::checked(unsigned code) const {
  if (code > static_cast<unsigned>(wire_type::uuid)) fail_here(fmt::format("Thrift type {} is not known", code));
  return static_cast<wire_type>(code);
}

thrift_compact_reader::wire_type thrift_compact_reader::next_field(int &id) {
  const unsigned header = read_byte();
  if (header == 0) return wire_type::stop;
  const wire_type type = checked(header & 0xf);
  if (type == wire_type::stop) fail_here("a field without a type");
  const unsigned delta = header >> 4;
  id = delta != 0 ? id + static_cast<int>(delta) : static_cast<int>(from_zigzag(read_varint(16)));
  if (id < 0 || id > std::numeric_limits<std::int16_t>::max()) fail_here("a field id out of range");
  return type;
}

thrift_compact_reader::list_header thrift_compact_reader::next_list() {
  const unsigned header = read_byte();
  const wire_type element = checked(header & 0xf);
  const std::uint64_t size = header >> 4 == 0xf ? read_varint(32) : header >> 4;
  // An element of any type takes at least a byte, which bounds the work by the size of the footer.
  if (size > data_.size() - at_) fail_here("a list longer than what remains");
  return {element, size};
}

bool thrift_compact_reader::read_bool(wire_type type) const {
  if (type != wire_type::bool_true) expect(type, wire_type::bool_false);
  return type == wire_type::bool_true;
}

std::int8_t thrift_compact_reader::read_i8(wire_type type) {
  expect(type, wire_type::i8);
  return static_cast<std::int8_t>(read_byte());
}

std::int32_t thrift_compact_reader::read_i32(wire_type type) {
  expect(type, wire_type::i32);
  return static_cast<std::int32_t>(from_zigzag(read_varint(32)));
}

std::int64_t thrift_compact_reader::read_i64(wire_type type) {
  expect(type, wire_type::i64);
  return from_zigzag(read_varint(64));
}

byte_view thrift_compact_reader::read_binary(wire_type type) {
  expect(type, wire_type::binary);
  return read_bytes(read_varint(32));
}

void thrift_compact_reader::skip(wire_type type) {
  const bool is_bool = type == wire_type::bool_true || type == wire_type::bool_false;
  if (!is_bool) skip_element(type);  // a field's bool lies in its type
}

void thrift_compact_reader::skip_element(wire_type type) {
  switch (type) {
    case wire_type::bool_true:
    case wire_type::bool_false:
    case wire_type::i8:
      read_byte();
      return;
    case wire_type::i16:
    case wire_type::i32:
    case wire_type::i64:
      read_varint(64);
      return;
    case wire_type::float64:
      read_bytes(8);
      return;
    case wire_type::uuid:
      read_bytes(16);
      return;
    case wire_type::binary:
      read_bytes(read_varint(32));
      return;
    case wire_type::list:
    case wire_type::set:
      read_list(wire_type::list, [this](wire_type element) { skip_element(element); });
      return;
    case wire_type::structure:
      read_struct(type, [this](int, wire_type field) { skip(field); });
      return;
    case wire_type::map: {
      enter();
      const std::uint64_t size = read_varint(32);
      const unsigned types = size == 0 ? 0 : read_byte();
      for (std::uint64_t i = 0; i < size; ++i) {
        skip_element(checked(types >> 4));
        skip_element(checked(types & 0xf));
      }
      --depth_;
      return;
    }
    case wire_type::stop:
      break;
  }
  fail_here("an element without a type");
}

}  // namespace evodb
