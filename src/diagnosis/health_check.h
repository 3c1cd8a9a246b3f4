#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace evodb {

/// Iceberg takes clocks that differ by less for equal.
inline constexpr std::int64_t tolerated_clock_difference_ms = 60'000;

/// What is wrong and where.
std::string sentence_of(const error &why);

/// One thing that a diagnosis looked at.
struct health_check {
  std::string name;                 ///< that people and programs match on, such as "version-hint"
  bool is_ok = true;                ///< false: there is something to do
  std::string value_json = "null";  ///< what was found, a JSON value
  std::string message;              ///< what is wrong and what to do about it, or what is worth knowing; may be empty

  explicit health_check(std::string named) : name(std::move(named)) {}

  health_check &with(std::int64_t value);
  health_check &with(std::string_view value);  ///< null unless it is UTF-8
  /// Adds a sentence.
  health_check &say(std::string_view sentence);
  /// Adds a sentence that asks for an action.
  health_check &fail(std::string_view sentence);
};

using health_checks = std::vector<health_check>;

}  // namespace evodb
