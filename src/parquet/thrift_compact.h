#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace evodb {

/// Reads the Thrift compact protocol: as much of it as Parquet footers use, which is far less than a Thrift library
/// brings along. Nothing is trusted: lengths are checked against what remains before anything is made of them, nesting
/// ends at `max_depth`, and what the reader of a struct does not know is skipped. Every failure is CORRUPT and names
/// the file and the byte.
class thrift_compact_reader {
 public:
  static constexpr int max_depth = 32;

  enum class wire_type : std::uint8_t {
    stop,
    bool_true,
    bool_false,
    i8,
    i16,
    i32,
    i64,
    float64,
    binary,
    list,
    set,
    map,
    structure,
    uuid,
  };

  /// `file` names the file in failures. Both views must outlive the reader.
  thrift_compact_reader(byte_view data, std::string_view file) noexcept : data_(data), file_(file) {}

  std::size_t position() const noexcept { return at_; }
  [[noreturn]] void fail_here(std::string_view problem) const;

  /// Calls `on_field(id, type)` for each field of the struct that stands here; it reads the value or skips it.
  template <typename F>
  void read_struct(wire_type type, F &&on_field) {
    expect(type, wire_type::structure);
    enter();
    int id = 0;
    for (wire_type field = next_field(id); field != wire_type::stop; field = next_field(id)) on_field(id, field);
    --depth_;
  }

  /// Calls `on_element(type)` for each element of the list that stands here; it reads the element.
  template <typename F>
  void read_list(wire_type type, F &&on_element) {
    expect(type, wire_type::list);
    enter();
    const list_header header = next_list();
    for (std::size_t i = 0; i < header.size; ++i) on_element(header.element);
    --depth_;
  }

  bool read_bool(wire_type type) const;  ///< of a struct's field, whose type is its value
  std::int8_t read_i8(wire_type type);
  std::int32_t read_i32(wire_type type);
  std::int64_t read_i64(wire_type type);
  byte_view read_binary(wire_type type);  ///< a view into the reader's data
  /// Passes over the value of a struct's field.
  void skip(wire_type type);

 private:
  struct list_header {
    wire_type element;
    std::size_t size;
  };

  void expect(wire_type found, wire_type expected) const;
  void enter();
  wire_type next_field(int &id);
  list_header next_list();
  wire_type checked(unsigned code) const;
  std::uint8_t read_byte();
  std::uint64_t read_varint(int at_most_bits);
  byte_view read_bytes(std::uint64_t length);
  void skip_element(wire_type type);

  byte_view data_;
  std::string_view file_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace evodb
