#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/error.h"
#include "base/time.h"
#include "model/transform.h"

// Partition values as Java's Transform.toHumanString writes them: partition paths of both must be alike, so this
// follows Java's own number formats, which differ from the texts of filters and JSON.

namespace evodb {
namespace {

/// Java's "%04d": four characters, the sign among them.
std::string year_text(std::int64_t year) {
  return fmt::format("{:04}", year);
}

std::string month_text(std::int32_t months) {
  return fmt::format("{}-{:02}", year_text(epoch_year + floor_div(months, 12)), floor_mod(months, 12) + 1);
}

std::string day_text(std::int32_t days) {
  const civil_date date = civil_from_days(days);
  return fmt::format("{}-{:02}-{:02}", year_text(date.year), date.month, date.day);
}

std::string hour_text(std::int32_t hours) {
  return fmt::format("{}-{:02}", day_text(static_cast<std::int32_t>(floor_div(hours, 24))), floor_mod(hours, 24));
}

/// DateTimeFormatter writes no zeros at the end of a fraction.
std::string without_trailing_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

/// LocalTime leaves out seconds that are zero, and writes fractions in groups of three digits.
std::string time_of_day_text(std::int64_t micros) {
  std::string text = time_to_text(micros);
  if (micros % 60'000'000 == 0) return text.substr(0, 5);
  if (micros % 1'000'000 != 0 && micros % 1'000 == 0) text.resize(text.size() - 3);
  return text;
}

/// The digits of a number d.ddd * 10^exponent, written plainly or with an "E", whichever Java's Double.toString picks.
std::string java_floating_text(std::string_view digits, int exponent) {
  const auto point_behind = [](std::string_view all, std::size_t whole) {
    std::string text(all);
    if (text.size() < whole + 1) text.resize(whole + 1, '0');
    return text.insert(whole, 1, '.');
  };
  if (exponent >= 7 || exponent < -3) return fmt::format("{}E{}", point_behind(digits, 1), exponent);
  if (exponent >= 0) return point_behind(digits, static_cast<std::size_t>(exponent) + 1);
  return "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + std::string(digits);
}

template <typename T>
std::string floating_text(T number) {
  if (std::isnan(number)) return "NaN";
  const char *sign = std::signbit(number) ? "-" : "";
  number = std::abs(number);
  if (std::isinf(number)) return fmt::format("{}Infinity", sign);
  if (number == 0) return fmt::format("{}0.0", sign);
  char buffer[64];
  const auto [end, problem] = std::to_chars(buffer, buffer + sizeof(buffer), number, std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));  // "d.ddde+nn"
  const std::size_t e = text.find('e');
  int exponent = 0;
  std::from_chars(text.data() + e + 2, text.data() + text.size(), exponent);
  std::string digits(text.substr(0, e));
  if (digits.size() > 1) digits.erase(1, 1);
  return sign + java_floating_text(digits, text[e + 1] == '-' ? -exponent : exponent);
}

/// BigDecimal turns to an exponent when the first digit is more than six places behind the point.
std::string decimal_text(int128 unscaled, int scale) {
  std::string digits = decimal_to_text(unscaled, 0);
  if (unscaled < 0) digits.erase(0, 1);
  const int exponent = static_cast<int>(digits.size()) - 1 - scale;
  if (exponent >= -6) return decimal_to_text(unscaled, scale);
  if (digits.size() > 1) digits.insert(1, 1, '.');
  return fmt::format("{}{}E{}", unscaled < 0 ? "-" : "", digits, exponent);
}

std::string human_text(const type &t, const value &v) {
  switch (t.kind()) {
    case type_kind::date:
      return day_text(get<std::int32_t>(t, v));
    case type_kind::time:
      return time_of_day_text(get<std::int64_t>(t, v));
    case type_kind::timestamp:
    case type_kind::timestamp_ns:
      return without_trailing_zeros(to_text(t, v));
    case type_kind::timestamptz:
      return without_trailing_zeros(timestamp_to_text(get<std::int64_t>(t, v))) + "+00:00";
    case type_kind::timestamptz_ns:
      return without_trailing_zeros(timestamp_ns_to_text(get<std::int64_t>(t, v))) + "+00:00";
    case type_kind::float32:
      return floating_text(get<float>(t, v));
    case type_kind::float64:
      return floating_text(get<double>(t, v));
    case type_kind::decimal:
      return decimal_text(get<int128>(t, v), t.scale());
    case type_kind::fixed:
    case type_kind::binary:
      return to_base64(get<std::string>(t, v));
    default:
      return to_text(t, v);
  }
}

}  // namespace

std::string transform::to_human_text(const type &source, const value &transformed) const {
  if (is_null(transformed) || kind == kind::void_) return "null";
  const type result = result_type(source);
  switch (kind) {
    case kind::year:
      return year_text(epoch_year + get<std::int32_t>(result, transformed));
    case kind::month:
      return month_text(get<std::int32_t>(result, transformed));
    case kind::hour:
      return hour_text(get<std::int32_t>(result, transformed));
    default:
      return human_text(result, transformed);
  }
}

}  // namespace evodb
