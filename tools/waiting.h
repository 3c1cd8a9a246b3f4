#pragma once

#include <cstdint>
#include <functional>

#include "api.h"

namespace tool {

/// How long waiting may take, in milliseconds (-1: no limit), and how long it has taken so far.
struct time_allowed {
  std::int64_t limit_ms = -1;
  std::int64_t waited_ms = 0;

  bool is_over() const { return limit_ms >= 0 && waited_ms >= limit_ms; }
};

/// Waits for the end of an operation. It is cancelled if it takes longer than allowed, or if a signal arrives; its own
/// result counts even then, since it may have succeeded in between. `on_poll`, if given, is called regularly.
void wait(const evodb_future *future, time_allowed &time, const std::function<void()> &on_poll = {});
void wait(const evodb_future *future, std::int64_t timeout_ms, const std::function<void()> &on_poll = {});

}  // namespace tool
