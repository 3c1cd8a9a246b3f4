#include "expression/order_key.h"

namespace evodb {
key_kind key_kind_of(const type &t) noexcept {
  switch (t.kind()) {
    case type_kind::boolean:
    case type_kind::int32:
    case type_kind::int64:
    case type_kind::date:
    case type_kind::time:
    case type_kind::timestamp:
    case type_kind::timestamptz:
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return key_kind::integer;
    case type_kind::float32:
    case type_kind::float64:
      return key_kind::floating;
    case type_kind::decimal:
      return key_kind::decimal;
    case type_kind::uuid:
      return key_kind::uuid;
    case type_kind::string:
    case type_kind::fixed:
    case type_kind::binary:
      return key_kind::byte_string;
    default:
      return key_kind::none;
  }
}

uint128 uuid_key(byte_view octets) noexcept {
  uint128 key = 0;
  for (const char octet : octets) key = key << 8 | static_cast<unsigned char>(octet);
  return key;
}

bool to_order_key(const value &v, std::int64_t &key) noexcept {
  if (const auto *wide = std::get_if<std::int64_t>(&v)) {
    key = *wide;
  } else if (const auto *narrow = std::get_if<std::int32_t>(&v)) {
    key = *narrow;
  } else if (const auto *twice = std::get_if<double>(&v)) {
    key = order_key(*twice);
  } else if (const auto *single = std::get_if<float>(&v)) {
    key = order_key(double{*single});
  } else if (const auto *truth = std::get_if<bool>(&v)) {
    key = *truth;
  } else {
    return false;
  }
  return true;
}

bool to_order_key(const value &v, int128 &key) noexcept {
  const auto *unscaled = std::get_if<int128>(&v);
  if (unscaled) key = *unscaled;
  return unscaled;
}

bool to_order_key(const value &v, uint128 &key) noexcept {
  const auto *octets = std::get_if<std::string>(&v);
  if (!octets || octets->size() != 16) return false;
  key = uuid_key(*octets);
  return true;
}

bool to_order_key(const value &v, std::string_view &key) noexcept {
  const auto *text = std::get_if<std::string>(&v);
  if (text) key = *text;
  return text;
}

}  // namespace evodb
