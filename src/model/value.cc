#include "model/value.h"

#include <fmt/format.h>

#include "base/error.h"

namespace evodb {
namespace {

constexpr std::int64_t micros_per_day = 86'400'000'000;
constexpr std::int64_t nanos_per_day = micros_per_day * 1'000;

std::int64_t instant_of_date(const type &to, std::int32_t days) {
  std::int64_t instant = 0;
  if (__builtin_mul_overflow(std::int64_t{days}, to.is(type_kind::timestamp_ns) ? nanos_per_day : micros_per_day,
                             &instant)) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("date of {} days since 1970 is out of range for {}", days, to.to_text()));
  }
  return instant;
}

template <typename T>
std::strong_ordering compare_as(const type &t, const value &a, const value &b) {
  return std::strong_order(get<T>(t, a), get<T>(t, b));
}

}  // namespace

bool is_value_of(const type &t, const value &v) noexcept {
  if (is_null(v)) return true;
  switch (t.kind()) {
    case type_kind::boolean:
      return std::holds_alternative<bool>(v);
    case type_kind::int32:
    case type_kind::date:
      return std::holds_alternative<std::int32_t>(v);
    case type_kind::int64:
    case type_kind::time:
    case type_kind::timestamp:
    case type_kind::timestamptz:
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return std::holds_alternative<std::int64_t>(v);
    case type_kind::float32:
      return std::holds_alternative<float>(v);
    case type_kind::float64:
      return std::holds_alternative<double>(v);
    case type_kind::decimal:
      return std::holds_alternative<int128>(v);
    case type_kind::uuid:
    case type_kind::fixed: {
      const auto *held = std::get_if<std::string>(&v);
      return held && held->size() == (t.is(type_kind::uuid) ? 16 : static_cast<std::size_t>(t.length()));
    }
    case type_kind::string:
    case type_kind::binary:
    case type_kind::geometry:
    case type_kind::geography:
      return std::holds_alternative<std::string>(v);
    case type_kind::structure:
      return std::holds_alternative<struct_default>(v);
    case type_kind::unknown:
    case type_kind::variant:
    case type_kind::list:
    case type_kind::map:
      return false;
  }
  return false;
}

void fail_not_a_value_of(const type &t) {
  fail(status::INVALID_ARGUMENT, fmt::format("value is not of type {}", t.to_text()));
}

std::strong_ordering compare(const type &t, const value &a, const value &b) {
  switch (t.kind()) {
    case type_kind::boolean:
      return compare_as<bool>(t, a, b);
    case type_kind::int32:
    case type_kind::date:
      return compare_as<std::int32_t>(t, a, b);
    case type_kind::int64:
    case type_kind::time:
    case type_kind::timestamp:
    case type_kind::timestamptz:
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return compare_as<std::int64_t>(t, a, b);
    case type_kind::float32:
      return compare_as<float>(t, a, b);
    case type_kind::float64:
      return compare_as<double>(t, a, b);
    case type_kind::decimal:
      return compare_as<int128>(t, a, b);
    case type_kind::string:
    case type_kind::uuid:
    case type_kind::fixed:
    case type_kind::binary:
    case type_kind::geometry:
    case type_kind::geography:
      return compare_as<std::string>(t, a, b);  // char_traits compares as unsigned, like UTF-8 wants
    default:
      fail(status::INVALID_ARGUMENT, fmt::format("values of type {} have no order", t.to_text()));
  }
}

value promote(const type &from, const type &to, const value &v) {
  constexpr int newest_format_version = 3;
  if (!can_promote(from, to, newest_format_version)) {
    fail(status::INVALID_ARGUMENT, fmt::format("{} cannot be read as {}", from.to_text(), to.to_text()));
  }
  if (is_null(v) || from.kind() == to.kind()) return v;
  switch (from.kind()) {
    case type_kind::int32:
      return std::int64_t{get<std::int32_t>(from, v)};
    case type_kind::float32:
      return double{get<float>(from, v)};
    case type_kind::date:
      return instant_of_date(to, get<std::int32_t>(from, v));
    default:
      fail_not_a_value_of(from);  // unknown has no values but null
  }
}

}  // namespace evodb
