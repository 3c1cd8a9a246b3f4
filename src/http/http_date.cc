#include "http/http_date.h"

#include <algorithm>
#include <array>

#include "base/time.h"

namespace evodb {
namespace {

constexpr std::string_view shape = "aaa, 00 aaa 0000 00:00:00 GMT";
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool has_shape(std::string_view text) {
  return std::equal(text.begin(), text.end(), shape.begin(), shape.end(), [](char c, char wanted) {
    if (wanted == '0') return c >= '0' && c <= '9';
    return wanted == 'a' || c == wanted;
  });
}

}  // namespace

std::optional<std::int64_t> read_http_date(std::string_view text) noexcept {
  if (!has_shape(text)) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t digits) {
    std::int32_t value = 0;
    for (const char c : text.substr(at, digits)) value = value * 10 + (c - '0');
    return value;
  };
  const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
  const std::int32_t day = number(5, 2), hour = number(17, 2), minute = number(20, 2), second = number(23, 2);
  if (month == months.end() || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const civil_date date{number(12, 4), static_cast<std::int32_t>(month - months.begin()) + 1, day};
  return (((std::int64_t{days_from_civil(date)} * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}

}  // namespace evodb
