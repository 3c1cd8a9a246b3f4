#include "expression/convert_literal.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "base/error.h"
#include "base/text_cursor.h"
#include "base/time.h"
#include "expression/exact_number.h"

namespace evodb {
namespace {

using place = enum converted_literal::place;

[[noreturn]] void fail_literal(const std::string &problem) {
  fail(status::INVALID_FILTER, problem);
}
[[noreturn]] void fail_kind(const char *what, const type &t) {
  fail_literal(fmt::format("{} is no value of type {}", what, t.to_text()));
}

/// By integers: `lowest` to `highest` are the type's values times 10^scale.
template <typename T>
converted_literal scaled_number(const exact_number &number, int scale, int128 lowest, int128 highest) {
  using fit = enum exact_number::scaled::fit;
  const exact_number::scaled scaled = number.scaled_to(scale);
  if (scaled.fit == fit::too_low || (scaled.fit != fit::too_high && scaled.floor < lowest)) return {place::below, {}};
  if (scaled.fit == fit::too_high || scaled.floor > highest) return {place::above, {}};
  if (scaled.fit == fit::between && scaled.floor == highest) return {place::above, {}};
  return {scaled.fit == fit::exact ? place::at : place::between, static_cast<T>(scaled.floor)};
}

/// The nearest float. Beyond the largest one lies infinity, which is a value too: such a number is between two values.
template <typename T>
converted_literal floating_number(const exact_number &number, std::string_view text) {
  using limits = std::numeric_limits<T>;
  if (text.starts_with('+')) text.remove_prefix(1);
  T nearest{};
  if (std::from_chars(text.data(), text.data() + text.size(), nearest).ec == std::errc::result_out_of_range) {
    if (!number.has_whole_part()) return {place::at, number.is_negative() ? -T{0} : T{0}};
    return {place::between, number.is_negative() ? -limits::infinity() : limits::max()};
  }
  return {place::at, nearest};
}

converted_literal convert_number(std::string_view text, const type &t) {
  const std::optional<exact_number> number = exact_number::parse(text);
  if (!number) fail_literal(fmt::format("not a number: '{}'", text));
  switch (t.kind()) {
    case type_kind::int32:
      return scaled_number<std::int32_t>(*number, 0, std::numeric_limits<std::int32_t>::min(),
                                         std::numeric_limits<std::int32_t>::max());
    case type_kind::int64:
      return scaled_number<std::int64_t>(*number, 0, std::numeric_limits<std::int64_t>::min(),
                                         std::numeric_limits<std::int64_t>::max());
    case type_kind::decimal: {
      const int128 highest = power_of_ten(t.precision()) - 1;
      return scaled_number<int128>(*number, t.scale(), -highest, highest);
    }
    case type_kind::float32:
      return floating_number<float>(*number, text);
    case type_kind::float64:
      return floating_number<double>(*number, text);
    default:
      fail_kind("a number", t);
  }
}

bool is_number(const type &t) noexcept {
  return t.is(type_kind::int32) || t.is(type_kind::int64) || t.is(type_kind::decimal) || t.is(type_kind::float32) ||
         t.is(type_kind::float64);
}
bool is_floating(const type &t) noexcept {
  return t.is(type_kind::float32) || t.is(type_kind::float64);
}
bool is_timestamp(const type &t) noexcept {
  return t.kind() >= type_kind::timestamp && t.kind() <= type_kind::timestamptz_ns;
}

/// Times that no timestamp of the type can hold, such as the year 9999 in nanoseconds.
std::optional<converted_literal> beyond_timestamps(std::string_view text, const type &t) {
  if (text.find('-') == std::string_view::npos) return std::nullopt;  // epoch milliseconds
  const bool nanos = t.is(type_kind::timestamp_ns) || t.is(type_kind::timestamptz_ns);
  constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
  const std::int64_t days = highest / (86'400 * (nanos ? std::int64_t{1'000'000'000} : std::int64_t{1'000'000}));
  const std::int32_t day = parse_timestamp(text).days;
  // The last days of the range are left to the conversion, which has the time of day and the zone.
  if (day < -days - 2) return converted_literal{place::below, {}};
  if (day > days + 2) return converted_literal{place::above, {}};
  return std::nullopt;
}

converted_literal convert_text(const literal &l, const type &t) {
  if (is_number(t)) {
    if (!is_floating(t) || exact_number::parse(l.text)) return convert_number(l.text, t);
    const value infinite = value_from_text(t, l.text);
    if (is_nan(infinite)) fail_literal("NaN is equal to nothing (use IS NAN)");
    return {place::at, infinite};
  }
  if (is_timestamp(t)) {
    if (const auto beyond = beyond_timestamps(l.text, t)) return *beyond;
  }
  return {place::at, value_from_text(t, l.text)};
}

converted_literal convert_bytes(const literal &l, const type &t) {
  if (t.is(type_kind::binary)) return {place::at, l.text};
  if (!t.is(type_kind::fixed) && !t.is(type_kind::uuid)) fail_kind("X'…'", t);
  if (!is_value_of(t, value(l.text)))
    fail_literal(fmt::format("{} bytes are no value of type {}", l.text.size(), t.to_text()));
  return {place::at, l.text};
}

converted_literal convert_any(const literal &l, const type &t) {
  switch (l.kind) {
    case literal::kind::boolean:
      if (!t.is(type_kind::boolean)) fail_kind("a boolean", t);
      return {place::at, equal_ignoring_case(l.text, "true")};
    case literal::kind::number:
      return convert_number(l.text, t);
    case literal::kind::hex:
      return convert_bytes(l, t);
    case literal::kind::date:
      if (!t.is(type_kind::date) && !is_timestamp(t)) fail_kind("DATE '…'", t);
      parse_date(l.text);
      return convert_text(l, t);
    case literal::kind::timestamp:
      if (!is_timestamp(t)) fail_kind("TIMESTAMP '…'", t);
      return convert_text(l, t);
    case literal::kind::text:
      return convert_text(l, t);
  }
  fail_kind("the literal", t);
}

}  // namespace

converted_literal convert(const literal &l, const type &t) {
  try {
    return convert_any(l, t);
  } catch (const error &e) {
    fail(status::INVALID_FILTER, e.message());
  }
}

}  // namespace evodb
