#pragma once

#include <chrono>
#include <functional>

#include "runtime/runtime.h"

namespace evodb {

/// What is called once if something has not ended after a while.
struct late_notice {
  std::chrono::nanoseconds after{};
  std::function<void()> call;  ///< null: nothing is; it throws nothing
};

/// Runs `body` on the caller's executor until it ends, or for `limit`: then it is cancelled, and this waits for its end.
/// False if it was cut short so: what it threw then is of no interest. Otherwise what it throws is thrown. A
/// cancellation of the caller reaches it unless the caller ignores it.
task<bool> run_within(runtime &environment, std::chrono::nanoseconds limit, std::function<task<>()> body);
task<bool> run_within(runtime &environment, std::chrono::nanoseconds limit, std::function<task<>()> body,
                      late_notice notice);

/// Runs `body` on the caller's executor until it ends, or for `grace` from when the caller is cancelled, unless that is
/// ignored: then the body is cancelled, and this waits for its end. False if it was cut short so: what it threw then is of no
/// interest. Otherwise what it throws is thrown. The caller ignores its cancellation afterwards.
task<bool> finish_after_cancellation(runtime &environment, std::chrono::nanoseconds grace,
                                     std::function<task<>()> body);

/// As run_within, but the caller's cancellation does not reach the body, however often it comes.
task<bool> run_regardless(runtime &environment, std::chrono::nanoseconds limit, std::function<task<>()> body);

/// Puts things in order for five seconds at most; what fails is of no interest. A caller that may have been cancelled has
/// to disregard that before. The caller ignores its cancellation afterwards.
task<> tidy_up(runtime &environment, std::function<task<>()> body);

}  // namespace evodb
