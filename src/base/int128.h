#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace evodb {

__extension__ using int128 = __int128;
__extension__ using uint128 = unsigned __int128;

/// The unscaled value of a decimal as the shortest big-endian two's complement, as Iceberg stores and hashes it.
bytes to_big_endian(int128 value);
/// Reads 1 to 16 bytes of big-endian two's complement; more are accepted when they only repeat the sign.
/// Throws CORRUPT on an empty or too long text.
int128 int128_from_big_endian(byte_view data);

/// "14.20" for (1420, scale 2); negative scales are not used by Iceberg.
std::string decimal_to_text(int128 unscaled, int scale);
/// Parses "[-+]digits[.digits][e[+-]n]" exactly to `scale` digits; throws INVALID_ARGUMENT if digits would be lost or
/// if the result needs more than `precision` digits.
int128 decimal_from_text(std::string_view text, int precision, int scale);

/// 10^n for 0 <= n <= 38.
int128 power_of_ten(int n);

}  // namespace evodb
