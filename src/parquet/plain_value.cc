#include "parquet/plain_value.h"

#include <cmath>

#include "base/little_endian.h"
#include "base/utf8.h"

namespace evodb {
namespace {

template <typename T>
std::optional<T> load(byte_view plain) {
  if (plain.size() != sizeof(T)) return std::nullopt;
  return load_le<T>(plain.data());
}

std::optional<std::int64_t> load_integer(const schema_node &node, byte_view plain) {
  if (node.physical == physical_type::int64) return load<std::int64_t>(plain);
  if (node.physical != physical_type::int32) return std::nullopt;
  return load<std::int32_t>(plain);
}

std::optional<value> to_int32(byte_view plain) {
  const std::optional<std::int32_t> integer = load<std::int32_t>(plain);
  if (!integer) return std::nullopt;
  return *integer;
}

std::optional<value> to_int64(std::optional<std::int64_t> integer) {
  if (!integer) return std::nullopt;
  return *integer;
}

std::optional<value> to_time(const schema_node &node, std::optional<std::int64_t> integer) {
  constexpr std::int64_t micros_in_milli = 1000;
  if (integer && node.logical.unit == time_unit::millis && __builtin_mul_overflow(*integer, micros_in_milli, &*integer))
    return std::nullopt;
  return to_int64(integer);
}

template <typename T>
std::optional<value> to_floating(byte_view plain) {
  const std::optional<T> number = load<T>(plain);
  if (!number || std::isnan(*number)) return std::nullopt;
  return *number;
}

std::optional<value> to_decimal(const file_column &leaf, byte_view plain) {
  int128 unscaled = 0;
  if (const std::optional<std::int64_t> integer = load_integer(*leaf.node, plain)) {
    unscaled = *integer;
  } else if (leaf.node->physical == physical_type::int32 || leaf.node->physical == physical_type::int64 ||
             plain.empty() || plain.size() > sizeof(int128)) {
    return std::nullopt;
  } else {
    unscaled = int128_from_big_endian(plain);
  }
  const int128 limit = power_of_ten(leaf.type.precision());
  if (unscaled >= limit || unscaled <= -limit) return std::nullopt;
  return unscaled;
}

}  // namespace

std::optional<value> plain_value(const file_column &leaf, byte_view plain) {
  const schema_node &node = *leaf.node;
  switch (leaf.type.kind()) {
    case type_kind::boolean:
      if (plain.size() != 1) return std::nullopt;
      return plain.front() != 0;
    case type_kind::int32:
    case type_kind::date:
      return to_int32(plain);
    case type_kind::int64:
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return to_int64(load_integer(node, plain));
    case type_kind::time:
    case type_kind::timestamp:
    case type_kind::timestamptz:
      return to_time(node, load_integer(node, plain));
    case type_kind::float32:
      return to_floating<float>(plain);
    case type_kind::float64:
      return to_floating<double>(plain);
    case type_kind::decimal:
      return to_decimal(leaf, plain);
    case type_kind::string:
      if (!is_utf8(plain)) return std::nullopt;
      return bytes(plain);
    case type_kind::binary:
      return bytes(plain);
    case type_kind::uuid:
    case type_kind::fixed:
      if (plain.size() != static_cast<std::size_t>(node.type_length)) return std::nullopt;
      return bytes(plain);
    default:
      return std::nullopt;
  }
}

}  // namespace evodb
