#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "runtime/runtime.h"

namespace evodb {

struct thread_runtime_options {
  int io_threads = 1;
  int cpu_threads = 0;  ///< 0: one for each core
  int blocking_threads = 4;
  /// After that a call that blocks does not keep others waiting any more.
  std::chrono::nanoseconds hung_after = std::chrono::seconds(5);
  std::int64_t memory_limit_bytes = std::int64_t{1} << 30;
  std::optional<std::int64_t> cache_bytes;      ///< at most, of the memory; 0: no cache; nothing: a quarter
  std::chrono::nanoseconds operation_limit{0};  ///< 0: none
  std::function<void(const event &)> on_event;  ///< on the callback thread; null: there is none
  log_level highest_log_level = log_level::info;
};

/// The runtime of production: one io_context a thread, a pool for computing, a pool for blocking calls, one thread for
/// callbacks. All signals are blocked in its threads. The last owner's release destroys it: waits for running handlers,
/// but not for calls that block, and drops queued ones, on another thread if this one is the runtime's own. In a fork of the process it leaks on
/// purpose, and a process may end without releasing it. Throws INVALID_ARGUMENT on counts below 1 and
/// RESOURCE_EXHAUSTED when the system gives no more threads. Events that wait when it ends are delivered before, but not where
/// it ends in a callback of its own.
std::shared_ptr<runtime> make_thread_runtime(const thread_runtime_options &options);

}  // namespace evodb
