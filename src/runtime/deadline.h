#pragma once

#include <chrono>
#include <functional>

#include "runtime/runtime.h"

namespace evodb {

/// Runs `body` on the caller's executor until it ends, or for `limit`: then it is cancelled, and this waits for its end.
/// False if it was cut short so: what it threw then is of no interest. Otherwise what it throws is thrown. A
/// cancellation of the caller reaches it where the caller heeds one.
task<bool> run_within(runtime &environment, std::chrono::nanoseconds limit, std::function<task<>()> body);

}  // namespace evodb
