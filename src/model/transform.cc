#include "model/transform.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"
#include "base/hash.h"
#include "base/text_cursor.h"
#include "base/time.h"
#include "base/utf8.h"

namespace evodb {
namespace {

bool is_timestamp(const type &t) noexcept {
  return t.kind() >= type_kind::timestamp && t.kind() <= type_kind::timestamptz_ns;
}

std::int64_t units_per_second(const type &t) noexcept {
  const bool nanos = t.is(type_kind::timestamp_ns) || t.is(type_kind::timestamptz_ns);
  return nanos ? 1'000'000'000 : 1'000'000;
}

bool can_bucket(const type &t) noexcept {
  switch (t.kind()) {
    case type_kind::int32:
    case type_kind::int64:
    case type_kind::decimal:
    case type_kind::date:
    case type_kind::time:
    case type_kind::string:
    case type_kind::uuid:
    case type_kind::fixed:
    case type_kind::binary:
      return true;
    default:
      return is_timestamp(t);
  }
}

bool can_truncate(const type &t) noexcept {
  switch (t.kind()) {
    case type_kind::int32:
    case type_kind::int64:
    case type_kind::decimal:
    case type_kind::string:
    case type_kind::binary:
      return true;
    default:
      return false;
  }
}

std::int32_t hash(std::int64_t number) noexcept {
  return murmur3(byte_view(reinterpret_cast<const char *>(&number), sizeof(number)));
}

std::int32_t hash(const type &source, const value &v) {
  switch (source.kind()) {
    case type_kind::int32:
    case type_kind::date:  // as the long of the same value, so that promotion keeps buckets
      return hash(std::int64_t{get<std::int32_t>(source, v)});
    case type_kind::int64:
    case type_kind::time:
    case type_kind::timestamp:
    case type_kind::timestamptz:
      return hash(get<std::int64_t>(source, v));
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return hash(floor_div(get<std::int64_t>(source, v), 1'000));
    case type_kind::decimal:
      return murmur3(to_big_endian(get<int128>(source, v)));
    default:
      return murmur3(get<std::string>(source, v));
  }
}

/// `v` less its remainder, which is never negative. Below the lowest multiple it wraps around, as Java does.
template <typename T>
T truncate_number(T v, std::int32_t width) noexcept {
  const T remainder = v % width;
  const T down = remainder < 0 ? remainder + width : remainder;
  return static_cast<T>(static_cast<uint128>(v) - static_cast<uint128>(down));
}

value truncate(const type &source, const value &v, std::int32_t width) {
  switch (source.kind()) {
    case type_kind::int32:
      return truncate_number(get<std::int32_t>(source, v), width);
    case type_kind::int64:
      return truncate_number(get<std::int64_t>(source, v), width);
    case type_kind::decimal:
      return truncate_number(get<int128>(source, v), width);
    case type_kind::string: {
      const std::string &text = get<std::string>(source, v);
      return text.substr(0, offset_of_code_point(text, static_cast<std::size_t>(width)));
    }
    default:
      return get<std::string>(source, v).substr(0, static_cast<std::size_t>(width));
  }
}

std::int32_t days_of(const type &source, const value &v) {
  if (source.is(type_kind::date)) return get<std::int32_t>(source, v);
  return static_cast<std::int32_t>(floor_div(get<std::int64_t>(source, v), 86'400 * units_per_second(source)));
}

std::int32_t years_of(const type &source, const value &v) {
  return static_cast<std::int32_t>(civil_from_days(days_of(source, v)).year - epoch_year);
}

std::int32_t months_of(const type &source, const value &v) {
  const civil_date date = civil_from_days(days_of(source, v));
  return static_cast<std::int32_t>((date.year - epoch_year) * 12 + date.month - 1);
}

std::int64_t hours_of(const type &source, const value &v) {
  return floor_div(get<std::int64_t>(source, v), 3'600 * units_per_second(source));
}

struct bare_transform {
  enum transform::kind kind;
  const char *name;
};
constexpr bare_transform bare_transforms[] = {
    {transform::kind::identity, "identity"}, {transform::kind::year, "year"}, {transform::kind::month, "month"},
    {transform::kind::day, "day"},           {transform::kind::hour, "hour"}, {transform::kind::void_, "void"},
};

/// "bucket[16]" or "truncate[10]"; unknown if it is neither.
transform parse_parameterised(std::string_view text) {
  transform parsed{transform::kind::unknown, 0, std::string(text)};
  const std::size_t bracket = text.find('[');
  if (bracket == std::string_view::npos || !text.ends_with(']')) return parsed;
  const std::string_view name = text.substr(0, bracket);
  const std::string_view digits = text.substr(bracket + 1, text.size() - bracket - 2);
  std::int32_t parameter = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), parameter);
  if (problem != std::errc() || end != digits.data() + digits.size() || parameter <= 0) return parsed;
  if (equal_ignoring_case(name, "bucket")) return {transform::kind::bucket, parameter, {}};
  if (equal_ignoring_case(name, "truncate")) return {transform::kind::truncate, parameter, {}};
  return parsed;
}

}  // namespace

transform transform::parse(std::string_view text) {
  for (const bare_transform &p : bare_transforms) {
    if (equal_ignoring_case(text, p.name)) return {p.kind, 0, {}};
  }
  return parse_parameterised(text);
}

std::string transform::to_text() const {
  for (const bare_transform &p : bare_transforms) {
    if (kind == p.kind) return p.name;
  }
  if (kind == kind::unknown) return text;
  return fmt::format("{}[{}]", kind == kind::bucket ? "bucket" : "truncate", parameter);
}

bool transform::can_transform(const type &source) const noexcept {
  switch (kind) {
    case kind::identity:
      return source.is_primitive() && !source.is(type_kind::geometry) && !source.is(type_kind::geography);
    case kind::bucket:
      return can_bucket(source);
    case kind::truncate:
      return can_truncate(source);
    case kind::year:
    case kind::month:
    case kind::day:
      return source.is(type_kind::date) || is_timestamp(source);
    case kind::hour:
      return is_timestamp(source);
    case kind::void_:
    case kind::unknown:
      return true;
  }
  return false;
}

type transform::result_type(const type &source) const {
  switch (kind) {
    case kind::identity:
    case kind::truncate:
    case kind::void_:
      return source;
    case kind::bucket:
    case kind::year:
    case kind::month:
    case kind::hour:
      return type_kind::int32;
    case kind::day:
      return type_kind::date;
    case kind::unknown:
      return type_kind::string;
  }
  return type_kind::unknown;
}

value transform::apply(const type &source, const value &v) const {
  if (kind == kind::unknown) fail(status::UNSUPPORTED, fmt::format("unknown transform: '{}'", text));
  if (is_null(v)) return null_value{};
  switch (kind) {
    case kind::bucket:
      return (hash(source, v) & 0x7fffffff) % parameter;
    case kind::truncate:
      return truncate(source, v, parameter);
    case kind::year:
      return years_of(source, v);
    case kind::month:
      return months_of(source, v);
    case kind::day:
      return days_of(source, v);
    case kind::hour:
      return static_cast<std::int32_t>(hours_of(source, v));
    case kind::void_:
      return null_value{};
    default:
      return v;
  }
}

bool transform::preserves_order() const noexcept {
  return kind != kind::bucket && kind != kind::void_ && kind != kind::unknown;
}

bool transform::wraps(const type &source, const value &v) const {
  if (kind == kind::truncate) return compare(source, apply(source, v), v) > 0;
  if (kind != kind::hour) return false;
  const std::int64_t hours = hours_of(source, v);
  return hours != static_cast<std::int32_t>(hours);
}

}  // namespace evodb
