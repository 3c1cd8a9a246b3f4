#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace evodb {

/// Threads for calls that may block for as long as they like, such as those to a file system whose server is gone. Where
/// all threads have been busy with one call for `hung_after`, another one comes in for them, up to 64 times: so calls
/// that hang do not hold up the others. Any thread may call.
class blocking_pool {
 public:
  /// Throws RESOURCE_EXHAUSTED when the system gives no more threads.
  blocking_pool(int threads, std::chrono::nanoseconds hung_after);
  blocking_pool(const blocking_pool &) = delete;
  blocking_pool &operator=(const blocking_pool &) = delete;
  /// Drops what is queued, waits for the threads that are idle, and leaves the others to their calls.
  ~blocking_pool();

  /// `work` owns all that it needs, and does not throw.
  void start(std::function<void()> work);

 private:
  struct state;
  void close();

  std::shared_ptr<state> state_;
};

}  // namespace evodb
