#include "waiting.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "interruption.h"
#include "retries.h"

namespace tool {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::int64_t poll_interval_ms = 100;

}  // namespace

void wait(const evodb_future *future, time_allowed &time, const std::function<void()> &on_poll) {
  const std::int64_t waited_before_ms = time.waited_ms;
  const steady::time_point begun = steady::now();
  bool is_interrupted = false;
  while (!time.is_over() && !is_interrupted && evodb_future_is_ready(future) == 0) {
    if (on_poll) on_poll();
    const std::int64_t left_ms = time.limit_ms < 0 ? poll_interval_ms : time.limit_ms - time.waited_ms;
    evodb_future_wait(future, std::min(poll_interval_ms, left_ms), nullptr);
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - begun);
    time.waited_ms = waited_before_ms + waited.count();
    is_interrupted = take_interruption();
  }
  const bool is_late = time.is_over() && evodb_future_is_ready(future) == 0;
  if (is_late || is_interrupted) evodb_future_cancel(future);
  evodb_error *error = nullptr;
  const evodb_status status = evodb_future_wait(future, -1, &error);
  if (status == EVODB_OK) return;
  failure what(error);
  if (is_interrupted && status == EVODB_CANCELLED) what.message = "interrupted by a signal";
  if (is_late && status == EVODB_CANCELLED) {
    what.code = EVODB_DEADLINE_EXCEEDED;
    const std::string where = what.message == "cancelled" ? "" : ": " + what.message;
    what.message = fmt::format("not done within {} ms{}", time.limit_ms, where);
    if (const std::string reason = last_retry_reason(); !reason.empty()) what.message += "; the last try: " + reason;
  } else if (is_late) {
    what.message += fmt::format(", after {} ms", time.limit_ms);
  }
  throw what;
}

void wait(const evodb_future *future, std::int64_t timeout_ms, const std::function<void()> &on_poll) {
  time_allowed time{timeout_ms, 0};
  wait(future, time, on_poll);
}

}  // namespace tool
