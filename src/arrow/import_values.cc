#include "arrow/import_values.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "base/error.h"
#include "base/utf8.h"

namespace evodb {
namespace {

using reader = std::function<value(std::int64_t)>;

constexpr std::int64_t seconds_per_day = 86'400;

/// What is wrong with one value; the column and the row are added above.
[[noreturn]] void fail_value(std::string problem) {
  fail(status::INVALID_ARGUMENT, std::move(problem));
}

/// A reader that gives null where the view is null.
template <typename View, typename Convert>
reader reader_of(View view, Convert convert) {
  return [view, convert](std::int64_t i) -> value {
    if (view.is_null(i)) return null_value{};
    return convert(view.at(i));
  };
}

/// Numbers as they are in memory.
template <typename T, typename Convert>
reader numbers(const imported_array &from, array_range used, Convert convert) {
  const fixed_view view(from, used, from.described->format, sizeof(T));
  return reader_of(view, [convert](byte_view octets) {
    T number;
    std::memcpy(&number, octets.data(), sizeof number);
    return convert(number);
  });
}

template <typename To>
struct widened {
  template <typename From>
  value operator()(From number) const {
    return static_cast<To>(number);
  }
};

template <typename To>
reader integers(const imported_array &from, array_range used, std::string_view format) {
  constexpr widened<To> widen;
  if (format == "c") return numbers<std::int8_t>(from, used, widen);
  if (format == "C") return numbers<std::uint8_t>(from, used, widen);
  if (format == "s") return numbers<std::int16_t>(from, used, widen);
  if (format == "S") return numbers<std::uint16_t>(from, used, widen);
  if (format == "i") return numbers<std::int32_t>(from, used, widen);
  if (sizeof(To) == 8 && format == "I") return numbers<std::uint32_t>(from, used, widen);
  if (sizeof(To) == 8 && format == "l") return numbers<std::int64_t>(from, used, widen);
  return {};
}

/// How many of a unit make a second; 0 if the letter is none.
std::int64_t units_per_second(char unit) noexcept {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 1'000;
    case 'u':
      return 1'000'000;
    case 'n':
      return 1'000'000'000;
    default:
      return 0;
  }
}

std::int64_t rescaled(std::int64_t count, std::int64_t from_per_second, std::int64_t to_per_second) {
  std::int64_t result = 0;
  if (to_per_second >= from_per_second) {
    if (__builtin_mul_overflow(count, to_per_second / from_per_second, &result))
      fail_value(fmt::format("{} is out of range", count));
    return result;
  }
  const std::int64_t divisor = from_per_second / to_per_second;
  if (count % divisor != 0) fail_value(fmt::format("{} has a part that is finer than the column's unit", count));
  return count / divisor;
}

reader dates(const imported_array &from, array_range used, std::string_view format) {
  if (format == "tdD") return numbers<std::int32_t>(from, used, widened<std::int32_t>());
  if (format != "tdm") return {};
  return numbers<std::int64_t>(from, used, [](std::int64_t millis) -> value {
    const std::int64_t millis_per_day = seconds_per_day * 1'000;
    const std::int64_t days = millis / millis_per_day;
    if (millis % millis_per_day != 0) fail_value(fmt::format("{} ms is no whole day", millis));
    if (days != static_cast<std::int32_t>(days)) fail_value(fmt::format("{} days are out of range", days));
    return static_cast<std::int32_t>(days);
  });
}

reader times(const imported_array &from, array_range used, std::string_view format) {
  if (format.size() != 3 || !format.starts_with("tt")) return {};
  const std::int64_t per_second = units_per_second(format[2]);
  if (per_second == 0) return {};
  const auto convert = [per_second](auto count) -> value {
    if (count < 0 || count >= seconds_per_day * per_second) fail_value(fmt::format("{} is no time of a day", count));
    return rescaled(count, per_second, 1'000'000);
  };
  return per_second <= 1'000 ? numbers<std::int32_t>(from, used, convert) : numbers<std::int64_t>(from, used, convert);
}

reader timestamps(const imported_array &from, array_range used, std::string_view format, const type &t) {
  if (format.size() < 4 || !format.starts_with("ts") || format[3] != ':') return {};
  const std::int64_t per_second = units_per_second(format[2]);
  const bool needs_zone = t.is(type_kind::timestamptz) || t.is(type_kind::timestamptz_ns);
  if (per_second == 0 || needs_zone != (format.size() > 4)) return {};
  const bool in_nanos = t.is(type_kind::timestamp_ns) || t.is(type_kind::timestamptz_ns);
  const std::int64_t to_per_second = in_nanos ? 1'000'000'000 : 1'000'000;
  return numbers<std::int64_t>(from, used,
                               [=](std::int64_t count) -> value { return rescaled(count, per_second, to_per_second); });
}

/// "d:9,2" or "d:9,2,128", of the type's scale; the values need not use all digits.
reader decimals(const imported_array &from, array_range used, std::string_view format, const type &t) {
  int numbers_of[3] = {0, 0, 128};
  if (!format.starts_with("d:")) return {};
  const char *at = format.data() + 2, *const end = format.data() + format.size();
  for (int &number : numbers_of) {
    const auto [stop, problem] = std::from_chars(at, end, number);
    if (problem != std::errc()) return {};
    at = stop;
    if (at == end) break;
    if (*at++ != ',') return {};
  }
  const auto [precision, scale, bits] = numbers_of;
  if (at != end || scale != t.scale() || bits != 128) return {};
  return numbers<int128>(from, used, [=](int128 unscaled) -> value {
    const int128 limit = power_of_ten(t.precision());
    if (unscaled <= -limit || unscaled >= limit)
      fail_value(fmt::format("{} has more than {} digits", decimal_to_text(unscaled, t.scale()), t.precision()));
    return unscaled;
  });
}

reader texts(const imported_array &from, array_range used, std::string_view format) {
  if (format != "u" && format != "U") return {};
  return reader_of(text_view(from, used), [](byte_view octets) -> value {
    if (!is_utf8(octets)) fail_value("not UTF-8");
    return std::string(octets);
  });
}

value as_octets(byte_view octets) {
  return std::string(octets);
}

reader fixed(const imported_array &from, array_range used, std::string_view format, std::size_t length) {
  if (format != fmt::format("w:{}", length)) return {};
  return reader_of(fixed_view(from, used, format, static_cast<std::int64_t>(length)), as_octets);
}

/// Empty where the Arrow type is none for the Iceberg type.
reader reader_for(const imported_array &from, array_range used, const type &t) {
  const std::string_view format = from.described->format == nullptr ? "" : from.described->format;
  if (format == "n") {
    const null_view checked(from, used);
    return [](std::int64_t) { return null_value{}; };
  }
  switch (t.kind()) {
    case type_kind::boolean:
      if (format == "b") return reader_of(bit_view(from, used), [](bool bit) -> value { return bit; });
      return {};
    case type_kind::int32:
      return integers<std::int32_t>(from, used, format);
    case type_kind::int64:
      return integers<std::int64_t>(from, used, format);
    case type_kind::float32:
      return format == "f" ? numbers<float>(from, used, widened<float>()) : reader();
    case type_kind::float64:
      if (format == "f") return numbers<float>(from, used, widened<double>());
      return format == "g" ? numbers<double>(from, used, widened<double>()) : reader();
    case type_kind::decimal:
      return decimals(from, used, format, t);
    case type_kind::date:
      return dates(from, used, format);
    case type_kind::time:
      return times(from, used, format);
    case type_kind::timestamp:
    case type_kind::timestamptz:
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return timestamps(from, used, format, t);
    case type_kind::string:
      return texts(from, used, format);
    case type_kind::uuid:
      return fixed(from, used, format, 16);
    case type_kind::fixed:
      return fixed(from, used, format, static_cast<std::size_t>(t.length()));
    case type_kind::binary:
      return format == "z" || format == "Z" ? reader_of(binary_view(from, used), as_octets) : reader();
    default:
      return {};
  }
}

}  // namespace

value_import::value_import(const imported_array &from, array_range used, const type &t)
    : column_(from.column), first_(used.first) {
  if (from.described->dictionary != nullptr)
    fail_column(column_, "dictionary-encoded, which is not taken: decode it first");
  read_ = reader_for(from, used, t);
  if (!read_) {
    fail_column(column_, fmt::format("Arrow type '{}' is not read as {}",
                                     from.described->format == nullptr ? "" : from.described->format, t.to_text()));
  }
}

value value_import::at(std::int64_t i) const {
  try {
    return read_(i);
  } catch (const error &wrong) {
    fail_column(column_, fmt::format("row {}: {}", i - first_, wrong.message()));
  }
}

}  // namespace evodb
