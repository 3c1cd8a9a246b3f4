#pragma once

#include <cstdint>
#include <functional>

#include "api.h"

namespace tool {

/// How long waiting may take, in milliseconds (-1: for ever), and how long it has taken so far.
struct time_allowed {
  std::int64_t limit_ms = -1;
  std::int64_t waited_ms = 0;

  bool is_over() const { return limit_ms >= 0 && waited_ms >= limit_ms; }
};

/// Waits for an operation's end; one that takes longer than allowed is cancelled, and so is one during which a signal
/// comes. Its result is then the answer: it may have ended well in between. `look`, if any, is called now and then
/// meanwhile.
void wait(const evodb_future *future, time_allowed &time, const std::function<void()> &look = {});
void wait(const evodb_future *future, std::int64_t timeout_ms, const std::function<void()> &look = {});

}  // namespace tool
