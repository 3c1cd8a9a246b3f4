#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <string>
#include <variant>

#include "base/int128.h"

namespace evodb {

struct null_value {
  auto operator<=>(const null_value &) const = default;
};

struct struct_default {
  auto operator<=>(const struct_default &) const = default;
};

/// One value of a primitive type; which of the alternatives, the type decides:
///   boolean bool | int, date int32 | long, time, timestamps int64 | float, double | decimal int128 (unscaled)
///   | string, uuid (16 octets), fixed, binary, geometry, geography: std::string of bytes
/// Nested values appear only as defaults, where the spec allows none but null and {} (a struct of no values):
/// struct_default.
using value =
    std::variant<null_value, bool, std::int32_t, std::int64_t, float, double, int128, std::string, struct_default>;

inline bool is_null(const value &v) noexcept {
  return std::holds_alternative<null_value>(v);
}

inline bool is_nan(const value &v) noexcept {
  if (const auto *single = std::get_if<float>(&v)) return std::isnan(*single);
  if (const auto *twice = std::get_if<double>(&v)) return std::isnan(*twice);
  return false;
}

}  // namespace evodb
