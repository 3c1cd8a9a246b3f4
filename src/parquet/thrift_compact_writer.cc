#include "parquet/thrift_compact_writer.h"

namespace evodb {

void append_varint(bytes &to, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) to += static_cast<char>(value | 0x80);
  to += static_cast<char>(value);
}

void thrift_compact_writer::zigzag(std::int64_t value) {
  append_varint(out_, static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
}

void thrift_compact_writer::field(int id, wire_type type) {
  const int delta = id - last_id_, code = static_cast<int>(type);
  last_id_ = id;
  if (delta > 0 && delta < 16) {
    out_ += static_cast<char>(delta << 4 | code);
  } else {
    out_ += static_cast<char>(code);
    zigzag(id);
  }
}

void thrift_compact_writer::list_header(wire_type type, std::size_t size) {
  const auto code = static_cast<unsigned>(type);
  if (size < 15) {
    out_ += static_cast<char>(size << 4 | code);
  } else {
    out_ += static_cast<char>(0xf0 | code);
    append_varint(out_, size);
  }
}

void thrift_compact_writer::i8(int id, std::int8_t value) {
  field(id, wire_type::i8);
  out_ += static_cast<char>(value);
}

void thrift_compact_writer::binary(byte_view value) {
  append_varint(out_, value.size());
  out_ += value;
}

}  // namespace evodb
