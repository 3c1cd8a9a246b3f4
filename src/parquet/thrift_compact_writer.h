#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/bytes.h"
#include "parquet/thrift_compact.h"

namespace evodb {

/// Appends the Thrift compact protocol to bytes: as much of it as thrift_compact_reader reads. Fields of a struct are
/// written in ascending order of their ids. The calls without an id are for elements of lists, and for the outermost struct.
class thrift_compact_writer {
 public:
  using wire_type = thrift_compact_reader::wire_type;

  explicit thrift_compact_writer(bytes &to) noexcept : out_(to) {}

  void boolean(int id, bool value) { field(id, value ? wire_type::bool_true : wire_type::bool_false); }
  void i8(int id, std::int8_t value);
  void i32(int id, std::int32_t value) { field(id, wire_type::i32), i32(value); }
  void i64(int id, std::int64_t value) { field(id, wire_type::i64), i64(value); }
  void binary(int id, byte_view value) { field(id, wire_type::binary), binary(value); }
  /// `fields()` writes the struct's.
  template <typename F>
  void structure(int id, F &&fields) {
    field(id, wire_type::structure);
    structure(std::forward<F>(fields));
  }
  /// `element(i)` writes one.
  template <typename F>
  void list(int id, wire_type type, std::size_t size, F &&element) {
    field(id, wire_type::list);
    list_header(type, size);
    for (std::size_t i = 0; i < size; ++i) element(i);
  }

  void i32(std::int32_t value) { zigzag(value); }
  void i64(std::int64_t value) { zigzag(value); }
  void binary(byte_view value);
  template <typename F>
  void structure(F &&fields) {
    const int outer = std::exchange(last_id_, 0);
    fields();
    out_ += '\0';
    last_id_ = outer;
  }

 private:
  void field(int id, wire_type type);
  void list_header(wire_type type, std::size_t size);
  void zigzag(std::int64_t value);

  bytes &out_;
  int last_id_ = 0;  ///< of the struct being written
};

/// LEB128, as Thrift and Parquet's encodings have their unsigned numbers.
void append_varint(bytes &to, std::uint64_t value);

}  // namespace evodb
