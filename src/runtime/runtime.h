#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "base/uuid.h"
#include "runtime/event.h"
#include "runtime/memory_budget.h"
#include "runtime/task.h"

namespace evodb {

using steady_time = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

/// Where everything that is not deterministic comes from: scheduling, clocks, timers, random numbers, hand-offs to
/// other threads. Nothing outside this folder names a thread, a system clock, std::random_device or an Asio timer, so
/// that a test can run the same code on one thread, in virtual time, from a seed. Any thread may call.
class runtime {
 public:
  runtime();
  runtime(const runtime &) = delete;
  runtime &operator=(const runtime &) = delete;
  virtual ~runtime() = default;

  /// Where a new operation shall live. One executor is one thread; successive calls spread operations over them.
  virtual executor io() = 0;
  /// For computing (decoding, compressing): a pool of its own, so that it never delays I/O.
  virtual executor cpu() = 0;
  /// Runs what may block in the kernel (local files, name resolution), for ever even: the runtime does not wait for it
  /// when it goes. So `work` owns all that it needs; and it does not throw. See call_blocking.
  virtual void start_blocking(std::function<void()> work) = 0;
  /// One thread apart from all others, on which callers' callbacks run.
  virtual executor callbacks() = 0;
  /// How many computations make sense at once.
  virtual int cpu_threads() const noexcept = 0;

  virtual std::int64_t now_ms() = 0;  ///< wall clock, epoch milliseconds
  virtual steady_time steady_now() = 0;
  /// Completes on the calling coroutine's executor. Ends early with CANCELLED when the operation is cancelled.
  virtual task<> sleep(std::chrono::nanoseconds duration) = 0;
  virtual void random(std::span<std::uint8_t> out) = 0;
  virtual memory_budget &memory() noexcept = 0;

  /// Where events go; null: nowhere.
  virtual event_sink *events() noexcept { return nullptr; }
  /// How long an operation may take; 0: as long as it does.
  virtual std::chrono::nanoseconds operation_limit() const noexcept { return {}; }

  /// Whether the calling thread is one that this runtime needs to make progress, so that it must not wait for an
  /// operation.
  virtual bool owns_this_thread() const noexcept = 0;
  /// Waits until what runs on its I/O threads just now has reached its next wait: an operation that was seen to have
  /// ended holds nothing any more. Not on one of its own threads.
  virtual void settle() {}
  /// Whether this process is a fork of the one that made the runtime. Its threads are not here, its locks may be held
  /// for ever: nothing but this may be called, and letting go of the last reference leaks it on purpose.
  bool forked() const noexcept;

  uuid random_uuid();
  std::uint64_t random_u64();

 private:
  const pid_t made_by_;
};

}  // namespace evodb
