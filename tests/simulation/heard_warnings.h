#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/event.h"

namespace evodb::simulation {

/// The warnings of the library's log.
class heard_warnings final : public event_sink {
 public:
  void take(event told) noexcept override {
    if (told.what == event::kind::log) all.push_back(std::move(told));
  }
  log_level highest_level() const noexcept override { return log_level::warning; }

  std::vector<event> all;
};

/// Empty where the event has none of that key.
inline std::string attribute(const event &of, const std::string &key) {
  for (const auto &[name, value] : of.attributes) {
    if (name == key) return value;
  }
  return {};
}

}  // namespace evodb::simulation
