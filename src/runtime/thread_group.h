#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <string>
#include <thread>
#include <vector>

#include "runtime/task.h"

namespace evodb {

/// Threads that run one queue of handlers. All signals are blocked in them.
class thread_group {
 public:
  /// `owner` is what `owner_of_this_thread` gives in these threads. Throws RESOURCE_EXHAUSTED when the system gives no
  /// more threads.
  thread_group(const std::string &name, int threads, const void *owner);
  thread_group(const thread_group &) = delete;
  thread_group &operator=(const thread_group &) = delete;
  ~thread_group() { stop(); }

  executor get_executor() noexcept { return context_.get_executor(); }

  /// Waits for the handlers that are running; those that are queued stay so. Idempotent; never on one of its own
  /// threads.
  void stop();
  /// After stop: destroys what is queued. What is destroyed may post again, here or to other groups.
  void drop_queue() { context_.drop_queue(); }

  /// Null on every other thread.
  static const void *owner_of_this_thread() noexcept;

 private:
  struct context final : boost::asio::io_context {
    using io_context::io_context;
    void drop_queue() { shutdown(); }
  };

  context context_;
  boost::asio::executor_work_guard<context::executor_type> work_;
  std::vector<std::thread> threads_;
};

}  // namespace evodb
