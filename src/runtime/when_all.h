#pragma once

#include <cstddef>
#include <functional>

#include "runtime/task.h"

namespace evodb {

/// Runs `body(0) … body(count-1)`, at most `limit` of them at a time, all on the caller's executor, and waits for all
/// that were started. The first exception stops new ones from being started and is thrown when the rest have ended.
/// Cancelling the caller cancels those under way. A limit of 0 counts as 1.
task<> for_each_concurrently(std::size_t count, std::size_t limit, std::function<task<>(std::size_t)> body);

}  // namespace evodb
