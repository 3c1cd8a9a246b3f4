#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/little_endian.h"

namespace evodb {

/// Appends Avro's primitives to a buffer (Avro specification, "Binary Encoding").
class avro_encoder {
 public:
  explicit avro_encoder(bytes &to) noexcept : to_(to) {}

  void write_long(std::int64_t number) {
    std::uint64_t raw = (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63);
    char encoded[10];
    std::size_t size = 0;
    for (; raw >= 0x80; raw >>= 7) encoded[size++] = static_cast<char>(raw | 0x80);
    encoded[size++] = static_cast<char>(raw);
    to_.append(encoded, size);
  }

  void write_boolean(bool b) { to_.push_back(b ? 1 : 0); }
  void write_float(float number) { append_le(to_, number); }
  void write_double(double number) { append_le(to_, number); }
  void write_fixed(std::string_view data) { to_.append(data); }

  void write_bytes(std::string_view data) {
    write_long(static_cast<std::int64_t>(data.size()));
    to_.append(data);
  }

  /// The branch of a union [null, T].
  void write_present(bool present) { to_.push_back(present ? 2 : 0); }

 private:
  bytes &to_;
};

}  // namespace evodb
