#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.h"
#include "base/text_cursor.h"
#include "base/time.h"
#include "base/uuid.h"
#include "model/value.h"

namespace evodb {
namespace {

[[noreturn]] void fail_text(const type &t, std::string_view text) {
  fail(status::INVALID_ARGUMENT, fmt::format("not a value of type {}: '{}'", t.to_text(), text));
}

template <typename T>
std::string number_to_text(T number) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(number)) return std::signbit(number) ? "-NaN" : "NaN";
    if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  }
  char buffer[64];
  const auto [end, problem] = std::to_chars(buffer, buffer + sizeof(buffer), number);
  return std::string(buffer, end);
}

template <typename T>
T number_from_text(const type &t, std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+')) {
    digits.remove_prefix(1);
    if (digits.starts_with('-')) fail_text(t, text);
  }
  if constexpr (std::is_floating_point_v<T>) {
    const bool minus = digits.starts_with('-');
    const std::string_view word = digits.substr(minus);
    const T sign = minus ? T{-1} : T{1};
    if (equal_ignoring_case(word, "nan")) return std::copysign(std::numeric_limits<T>::quiet_NaN(), sign);
    for (const char *infinity : {"infinity", "inf"}) {
      if (equal_ignoring_case(word, infinity)) return sign * std::numeric_limits<T>::infinity();
    }
    if (word.empty() || !(word.front() == '.' || (word.front() >= '0' && word.front() <= '9'))) fail_text(t, text);
  }
  T number{};
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (problem == std::errc::result_out_of_range) {
    fail(status::INVALID_ARGUMENT, fmt::format("number is out of range for {}: '{}'", t.to_text(), text));
  }
  if (problem != std::errc() || end != digits.data() + digits.size()) fail_text(t, text);
  return number;
}

bool has_zone(const type &t) noexcept {
  return t.is(type_kind::timestamptz) || t.is(type_kind::timestamptz_ns);
}
bool is_in_nanos(const type &t) noexcept {
  return t.is(type_kind::timestamp_ns) || t.is(type_kind::timestamptz_ns);
}

std::string instant_to_text(const type &t, std::int64_t instant) {
  const std::string text = is_in_nanos(t) ? timestamp_ns_to_text(instant) : timestamp_to_text(instant);
  return has_zone(t) ? text + "+00:00" : text;
}

std::int64_t instant_from_text(const type &t, std::string_view text) {
  const std::int64_t units_per_second = is_in_nanos(t) ? 1'000'000'000 : 1'000'000;
  if (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos) {  // epoch milliseconds
    const auto millis = number_from_text<std::int64_t>(t, text);
    std::int64_t instant = 0;
    if (__builtin_mul_overflow(millis, units_per_second / 1'000, &instant)) fail_text(t, text);
    return instant;
  }
  const parsed_timestamp parsed = parse_timestamp(text);
  if (parsed.has_offset && !has_zone(t)) {
    fail(status::INVALID_ARGUMENT, fmt::format("type {} has no zone, but the text has one: '{}'", t.to_text(), text));
  }
  return parsed.instant(units_per_second);
}

bool boolean_from_text(const type &t, std::string_view text) {
  if (equal_ignoring_case(text, "true")) return true;
  if (!equal_ignoring_case(text, "false")) fail_text(t, text);
  return false;
}

bytes uuid_from_text(std::string_view text) {
  const uuid parsed = uuid::parse(text);
  return bytes(reinterpret_cast<const char *>(parsed.octets.data()), parsed.octets.size());
}

std::string uuid_to_text(const type &t, const std::string &octets) {
  uuid shown;
  if (octets.size() != shown.octets.size()) fail_not_a_value_of(t);
  std::memcpy(shown.octets.data(), octets.data(), octets.size());
  return shown.to_text();
}

}  // namespace

std::string to_text(const type &t, const value &v) {
  if (is_null(v)) return "null";
  switch (t.kind()) {
    case type_kind::boolean:
      return get<bool>(t, v) ? "true" : "false";
    case type_kind::int32:
      return number_to_text(get<std::int32_t>(t, v));
    case type_kind::int64:
      return number_to_text(get<std::int64_t>(t, v));
    case type_kind::float32:
      return number_to_text(get<float>(t, v));
    case type_kind::float64:
      return number_to_text(get<double>(t, v));
    case type_kind::decimal:
      return decimal_to_text(get<int128>(t, v), t.scale());
    case type_kind::date:
      return date_to_text(get<std::int32_t>(t, v));
    case type_kind::time:
      return time_to_text(get<std::int64_t>(t, v));
    case type_kind::timestamp:
    case type_kind::timestamptz:
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return instant_to_text(t, get<std::int64_t>(t, v));
    case type_kind::string:
      return get<std::string>(t, v);
    case type_kind::uuid:
      return uuid_to_text(t, get<std::string>(t, v));
    case type_kind::fixed:
    case type_kind::binary:
    case type_kind::geometry:
    case type_kind::geography:
      return to_hex(get<std::string>(t, v));
    case type_kind::structure:
      get<struct_default>(t, v);
      return "{}";
    default:
      fail_not_a_value_of(t);
  }
}

value value_from_text(const type &t, std::string_view text) {
  switch (t.kind()) {
    case type_kind::boolean:
      return boolean_from_text(t, text);
    case type_kind::int32:
      return number_from_text<std::int32_t>(t, text);
    case type_kind::int64:
      return number_from_text<std::int64_t>(t, text);
    case type_kind::float32:
      return number_from_text<float>(t, text);
    case type_kind::float64:
      return number_from_text<double>(t, text);
    case type_kind::decimal:
      return decimal_from_text(text, t.precision(), t.scale());
    case type_kind::date:
      return parse_date(text);
    case type_kind::time:
      return parse_time(text);
    case type_kind::timestamp:
    case type_kind::timestamptz:
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return instant_from_text(t, text);
    case type_kind::string:
      return std::string(text);
    case type_kind::uuid:
      return uuid_from_text(text);
    case type_kind::fixed: {
      bytes data = from_hex(text);
      if (data.size() != static_cast<std::size_t>(t.length())) fail_text(t, text);
      return data;
    }
    case type_kind::binary:
    case type_kind::geometry:
    case type_kind::geography:
      return from_hex(text);
    default:
      fail(status::INVALID_ARGUMENT, fmt::format("values of type {} cannot be written as text", t.to_text()));
  }
}

}  // namespace evodb
