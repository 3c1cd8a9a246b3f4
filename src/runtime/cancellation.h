#pragma once

#include <exception>

#include "runtime/task.h"

namespace evodb {

/// An operation that was cancelled fails at its next wait, and a wait under way ends early. Between these two waits go
/// on to their end instead: for what must be brought to a known end once it was begun. A cancellation meanwhile is not
/// lost: the first wait after `throw_if_cancelled` fails.
task<> ignore_cancellation();
task<> throw_if_cancelled();

/// Whether the operation was asked to end; also while that is ignored.
task<bool> is_cancelled();

/// A failure as callers shall see it: Asio's operation_aborted becomes the error CANCELLED, everything else stays. Null
/// stays null.
std::exception_ptr as_seen_by_callers(std::exception_ptr failure) noexcept;

/// co_await disregard_cancellation(): from here on the coroutine goes on although it was cancelled. This is no task: a
/// coroutine that was cancelled could not even wait for one.
inline auto disregard_cancellation() {
  return boost::asio::this_coro::throw_if_cancelled(false);
}

}  // namespace evodb
