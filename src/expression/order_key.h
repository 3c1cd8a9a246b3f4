#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/int128.h"
#include "model/type.h"
#include "model/value.h"

namespace evodb {

/// What a type's values are compared by. Integers and floats alike become 64-bit integers of the same order, so that
/// one loop serves all.
enum class key_kind : std::uint8_t { none, integer, floating, decimal, uuid, byte_string };
key_kind key_kind_of(const type &t) noexcept;

/// Of floats: Iceberg's total order (-0.0 below 0.0), every NaN above all numbers.
constexpr std::int64_t nan_key = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t positive_zero_key = 0;
constexpr std::int64_t negative_zero_key = -1;

inline std::int64_t order_key(double number) noexcept {
  if (std::isnan(number)) return nan_key;
  const auto bits = std::bit_cast<std::int64_t>(number);
  return bits < 0 ? bits ^ std::numeric_limits<std::int64_t>::max() : bits;
}

/// 16 octets as a number; unsigned, as the spec orders uuids.
uint128 uuid_key(byte_view octets) noexcept;

/// Takes any value that the key can stand for, also one of the type before a promotion; false for others and for null.
bool to_order_key(const value &v, std::int64_t &key) noexcept;
bool to_order_key(const value &v, int128 &key) noexcept;
bool to_order_key(const value &v, uint128 &key) noexcept;
bool to_order_key(const value &v, std::string_view &key) noexcept;

}  // namespace evodb
