#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "runtime/signal_blocked_thread.h"

namespace evodb {

/// Runs `work()` on a thread of its own, and waits here for its result or exception, `limit` at most: null then, and the
/// thread is left to itself. So `work` owns all that it needs. For calls that nothing can end, such as the reading of a
/// file that may be anywhere, where there is no operation that could be cancelled.
template <typename Result>
std::optional<Result> call_within(std::chrono::nanoseconds limit, std::function<Result()> work) {
  struct call {
    std::mutex state;
    std::condition_variable ended;
    std::optional<Result> result;
    std::exception_ptr failure;
  };
  const auto shared = std::make_shared<call>();
  auto run = [shared, work = std::move(work)] {
    std::optional<Result> result;
    std::exception_ptr failure;
    try {
      result.emplace(work());
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard<std::mutex> held(shared->state);
    shared->result = std::move(result);
    shared->failure = failure;
    shared->ended.notify_all();
  };
  start_signal_blocked_thread("evodb-call", std::move(run)).detach();
  std::unique_lock<std::mutex> held(shared->state);
  shared->ended.wait_for(held, limit, [&] { return shared->result || shared->failure; });
  if (shared->failure) std::rethrow_exception(shared->failure);
  return std::move(shared->result);
}

}  // namespace evodb
