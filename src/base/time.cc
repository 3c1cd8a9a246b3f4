#include "base/time.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/error.h"
#include "base/int128.h"
#include "base/text_cursor.h"

namespace evodb {
namespace {

constexpr std::int64_t seconds_per_day = 86'400;
constexpr std::int64_t nanos_per_second = 1'000'000'000;
constexpr std::int64_t nanos_per_day = seconds_per_day * nanos_per_second;

// Years are counted from March here, so that the leap day is the last of its year, in eras of 400 years.
constexpr std::int64_t years_per_era = 400;
constexpr std::int64_t days_per_era = 146'097;
constexpr std::int64_t epoch_from_era_start = 719'468;  // days from 0000-03-01 to 1970-01-01

/// Days from 1 March to the first of the month that is `march_month` months later.
constexpr std::int64_t days_before_month(std::int64_t march_month) noexcept {
  return (153 * march_month + 2) / 5;
}
/// Days from the start of the era to 1 March of its year `year`.
constexpr std::int64_t days_before_year(std::int64_t year) noexcept {
  return year * 365 + year / 4 - year / 100;
}

std::int64_t wide_days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) noexcept {
  const std::int64_t march_year = year - (month <= 2);
  const std::int64_t era = floor_div(march_year, years_per_era);
  return era * days_per_era + days_before_year(floor_mod(march_year, years_per_era)) +
         days_before_month((month + 9) % 12) + day - 1 - epoch_from_era_start;
}

int days_of_month(std::int64_t year, int month) noexcept {
  const bool december = month == 12;
  return static_cast<int>(wide_days_from_civil(year + december, december ? 1 : month + 1, 1) -
                          wide_days_from_civil(year, month, 1));
}

std::string wide_date_to_text(std::int64_t days) {
  const civil_date date = civil_from_days(static_cast<std::int32_t>(days));
  const char *sign = date.year < 0 ? "-" : date.year > 9999 ? "+" : "";
  return fmt::format("{}{:04}-{:02}-{:02}", sign, std::abs(date.year), date.month, date.day);
}

/// "22:31:08", and the fraction with all its digits where it is not zero.
std::string clock_to_text(std::int64_t units, std::int64_t units_per_second, int digits) {
  const std::int64_t seconds = units / units_per_second;
  const std::int64_t fraction = units % units_per_second;
  const std::string text = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  return fraction == 0 ? text : fmt::format("{}.{:0{}}", text, fraction, digits);
}

std::string instant_to_text(std::int64_t units, std::int64_t units_per_second, int digits) {
  const std::int64_t units_per_day = seconds_per_day * units_per_second;
  return wide_date_to_text(floor_div(units, units_per_day)) + "T" +
         clock_to_text(floor_mod(units, units_per_day), units_per_second, digits);
}

int to_int(std::string_view digits) noexcept {
  int value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

int expect_two_digits(text_cursor &at, const char *what, int lowest, int highest) {
  const std::size_t start = at.position();
  const std::string_view digits = at.take_digits(2);
  const int value = to_int(digits);
  if (digits.size() != 2 || value < lowest || value > highest) {
    at.fail_at(start, fmt::format("expected the {} ({:02} to {:02})", what, lowest, highest));
  }
  return value;
}

std::int32_t expect_date(text_cursor &at) {
  const std::size_t start = at.position();
  const bool minus = at.take('-');
  const bool sign = minus || at.take('+');
  const std::string_view digits = at.take_digits(sign ? 7 : 4);
  if (digits.size() < 4) at.fail_at(start, "expected a year of four digits");
  const int year = minus ? -to_int(digits) : to_int(digits);
  at.expect('-');
  const int month = expect_two_digits(at, "month", 1, 12);
  at.expect('-');
  const int day = expect_two_digits(at, "day", 1, days_of_month(year, month));
  const std::int64_t days = wide_days_from_civil(year, month, day);
  if (days != static_cast<std::int32_t>(days)) at.fail_at(start, "date is out of range");
  return static_cast<std::int32_t>(days);
}

/// HH:MM[:SS[.fraction]], as nanoseconds of the day.
std::int64_t expect_clock(text_cursor &at, std::size_t fraction_digits) {
  const int hour = expect_two_digits(at, "hour", 0, 23);
  at.expect(':');
  const int minute = expect_two_digits(at, "minute", 0, 59);
  const int second = at.take(':') ? expect_two_digits(at, "second", 0, 59) : -1;
  std::int64_t nanos = 0;
  if (second >= 0 && at.take('.')) {
    const std::string_view fraction = at.take_digits(fraction_digits);
    if (fraction.empty()) at.fail_here("expected the fraction of a second");
    nanos = to_int(fraction);
    for (std::size_t i = fraction.size(); i < 9; ++i) nanos *= 10;
  }
  return (hour * 3600 + minute * 60 + (second < 0 ? 0 : second)) * nanos_per_second + nanos;
}

void take_offset(text_cursor &at, parsed_timestamp &to) {
  if (at.take('Z')) {
    to.has_offset = true;
    return;
  }
  const bool minus = at.take('-');
  if (!minus && !at.take('+')) return;
  const int hours = expect_two_digits(at, "hours of the zone", 0, 18);
  at.expect(':');
  const int minutes = hours * 60 + expect_two_digits(at, "minutes of the zone", 0, hours == 18 ? 0 : 59);
  to.has_offset = true;
  to.offset_minutes = minus ? -minutes : minutes;
}

}  // namespace

std::int32_t days_from_civil(civil_date date) noexcept {
  return static_cast<std::int32_t>(wide_days_from_civil(date.year, date.month, date.day));
}

civil_date civil_from_days(std::int32_t days) noexcept {
  const std::int64_t shifted = days + epoch_from_era_start;
  const std::int64_t era = floor_div(shifted, days_per_era);
  const std::int64_t day_of_era = floor_mod(shifted, days_per_era);
  // Taking away the leap days gone by leaves whole years of 365 days.
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - days_before_year(year_of_era);
  const std::int64_t march_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
  return {static_cast<std::int32_t>(era * years_per_era + year_of_era + (month <= 2)), static_cast<std::int32_t>(month),
          static_cast<std::int32_t>(day_of_year - days_before_month(march_month) + 1)};
}

std::string date_to_text(std::int32_t days) {
  return wide_date_to_text(days);
}
std::string time_to_text(std::int64_t micros) {
  return clock_to_text(micros, 1'000'000, 6);
}
std::string timestamp_to_text(std::int64_t micros) {
  return instant_to_text(micros, 1'000'000, 6);
}
std::string epoch_ms_to_text(std::int64_t epoch_ms) {
  constexpr std::int64_t furthest = INT64_MAX / 1000;
  if (epoch_ms > furthest || epoch_ms < -furthest) return fmt::format("{} ms", epoch_ms);
  return timestamp_to_text(epoch_ms * 1000) + "Z";
}

std::string timestamp_ns_to_text(std::int64_t nanos) {
  return instant_to_text(nanos, nanos_per_second, 9);
}

std::int64_t parsed_timestamp::instant(std::int64_t units_per_second) const {
  const int128 nanos = int128{days} * nanos_per_day + nanos_of_day - int128{offset_minutes} * 60 * nanos_per_second;
  const int128 nanos_per_unit = nanos_per_second / units_per_second;
  if (nanos % nanos_per_unit != 0) fail(status::INVALID_ARGUMENT, "time has more digits than its type holds");
  const int128 units = nanos / nanos_per_unit;
  if (units != static_cast<std::int64_t>(units)) fail(status::INVALID_ARGUMENT, "time is out of the range of its type");
  return static_cast<std::int64_t>(units);
}

parsed_timestamp parse_timestamp(std::string_view text) {
  text_cursor at("time", text);
  parsed_timestamp parsed;
  parsed.days = expect_date(at);
  if (at.take('T') || at.take(' ')) {
    parsed.has_time = true;
    parsed.nanos_of_day = expect_clock(at, 9);
    take_offset(at, parsed);
  }
  if (!at.at_end()) at.fail_here("expected the end");
  return parsed;
}

std::int32_t parse_date(std::string_view text) {
  text_cursor at("date", text);
  const std::int32_t days = expect_date(at);
  if (!at.at_end()) at.fail_here("expected the end");
  return days;
}

std::int64_t parse_time(std::string_view text) {
  text_cursor at("time of day", text);
  const std::int64_t nanos = expect_clock(at, 6);
  if (!at.at_end()) at.fail_here("expected the end");
  return nanos / 1'000;
}

}  // namespace evodb
