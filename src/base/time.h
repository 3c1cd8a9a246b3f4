#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace evodb {

inline constexpr std::int64_t epoch_year = 1970;

/// Calendar arithmetic in the proleptic Gregorian calendar, UTC, independent of locale and time zone files.
struct civil_date {
  std::int32_t year;   ///< may be negative or beyond four digits
  std::int32_t month;  ///< 1 to 12
  std::int32_t day;    ///< 1 to 31
};

std::int32_t days_from_civil(civil_date date) noexcept;
civil_date civil_from_days(std::int32_t days) noexcept;

/// Quotient rounded towards negative infinity, and its remainder (never negative for b > 0).
constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept {
  return a / b - ((a % b != 0) && ((a < 0) != (b < 0)));
}
constexpr std::int64_t floor_mod(std::int64_t a, std::int64_t b) noexcept {
  return a % b + (((a % b != 0) && ((a < 0) != (b < 0))) ? b : 0);
}

std::string date_to_text(std::int32_t days);         ///< "2013-07-01"
std::string time_to_text(std::int64_t micros);       ///< "22:31:08" or "22:31:08.000001"
std::string timestamp_to_text(std::int64_t micros);  ///< "2013-07-01T00:00:00" with ".ffffff" when not zero
std::string timestamp_ns_to_text(std::int64_t nanos);
std::string epoch_ms_to_text(std::int64_t epoch_ms);  ///< "2013-07-01T00:00:00Z"; beyond what that can say "… ms"

/// What a text says of a time. `nanos` within the second; `offset_minutes` only where `has_offset`.
struct parsed_timestamp {
  std::int32_t days = 0;
  std::int64_t nanos_of_day = 0;
  bool has_time = false;
  bool has_offset = false;
  std::int32_t offset_minutes = 0;

  /// Instant in the given unit (1'000 per second: ms, 1'000'000: µs, 1'000'000'000: ns), offset applied.
  /// Throws INVALID_ARGUMENT when it does not fit or when digits finer than the unit would be lost.
  std::int64_t instant(std::int64_t units_per_second) const;
};

/// "YYYY-MM-DD", optionally "T" or space and "HH:MM[:SS[.fraction up to 9]]", optionally "Z" or "±HH:MM". Years of more
/// than four digits need a sign. Throws INVALID_ARGUMENT saying what was expected where.
parsed_timestamp parse_timestamp(std::string_view text);
std::int32_t parse_date(std::string_view text);
std::int64_t parse_time(std::string_view text);  ///< micros of the day, from "HH:MM[:SS[.ffffff]]"

}  // namespace evodb
