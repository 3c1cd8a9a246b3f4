#include "duration_argument.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "api.h"

namespace tool {

std::int64_t parse_duration(std::string_view text) {
  constexpr std::pair<std::string_view, std::int64_t> units[] = {
      {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};
  const auto refuse = [&] {
    throw usage_failure(EVODB_INVALID_ARGUMENT,
                        fmt::format("not a duration: '{}' (expected 500ms, 30s, 2m, 1h or 1h30m)", text));
  };
  std::string_view rest = text;
  const auto *unit = std::begin(units);  // the largest unit that may follow
  std::int64_t total_ms = 0;
  do {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (failed != std::errc() || number < 0) refuse();
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::string_view name = rest.substr(0, rest.find_first_of("0123456789"));
    unit = std::find_if(unit, std::end(units), [&](const auto &one) { return one.first == name; });
    if (unit == std::end(units) || number > (INT64_MAX - total_ms) / unit->second) refuse();
    total_ms += number * unit->second;
    rest.remove_prefix(name.size());
    ++unit;
  } while (!rest.empty());
  return total_ms;
}

}  // namespace tool
