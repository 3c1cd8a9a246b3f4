#include "runtime/thread_runtime.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/openssl_scope.h"
#include "runtime/blocking_pool.h"
#include "runtime/cancellation.h"
#include "runtime/event_queue.h"
#include "runtime/signal_blocked_thread.h"
#include "runtime/thread_group.h"

namespace evodb {
namespace {

namespace asio = boost::asio;

class thread_runtime final : public runtime {
 public:
  explicit thread_runtime(const thread_runtime_options &options)
      : memory_(options.memory_limit_bytes, options.cache_bytes),
        cpu_threads_(options.cpu_threads > 0 ? options.cpu_threads
                                             : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))),
        callbacks_("evodb-call", 1, this),
        cpu_("evodb-cpu", cpu_threads_, this),
        operation_limit_(options.operation_limit),
        blocking_(std::in_place, options.blocking_threads, options.hung_after) {
    if (options.on_event) events_.emplace(callbacks_.get_executor(), options.highest_log_level, options.on_event);
    for (int i = 0; i < options.io_threads; ++i) {
      io_.push_back(std::make_unique<thread_group>(fmt::format("evodb-io{}", i), 1, this));
    }
  }

  ~thread_runtime() override {
    for_each_group([](thread_group &group) { group.stop(); });
    blocking_.reset();
    // A dropped handler may own a coroutine, whose frame is posted home to be destroyed there: the second round takes
    // these. All queues are emptied before the first of them is gone.
    for (int round = 0; round < 2; ++round) {
      for_each_group([](thread_group &group) { group.drop_queue(); });
    }
  }

  executor io() override { return io_[next_io_.fetch_add(1, std::memory_order_relaxed) % io_.size()]->get_executor(); }
  executor cpu() override { return cpu_.get_executor(); }
  void start_blocking(std::function<void()> work) override { blocking_->start(std::move(work)); }
  executor callbacks() override { return callbacks_.get_executor(); }
  int cpu_threads() const noexcept override { return cpu_threads_; }

  std::int64_t now_ms() override {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  }
  steady_time steady_now() override { return std::chrono::steady_clock::now(); }

  task<> sleep(std::chrono::nanoseconds duration) override {
    asio::steady_timer timer(co_await asio::this_coro::executor, duration);
    std::exception_ptr cut_short;
    try {
      co_await timer.async_wait(asio::use_awaitable);
    } catch (...) {
      cut_short = as_seen_by_callers(std::current_exception());
    }
    if (cut_short) std::rethrow_exception(std::move(cut_short));
  }

  void random(std::span<std::uint8_t> out) override {
    while (!out.empty()) {
      const ssize_t filled = ::getrandom(out.data(), out.size(), 0);
      if (filled < 0 && errno != EINTR)
        fail(status::INTERNAL, fmt::format("the system gives no random bytes: errno {}", errno));
      if (filled > 0) out = out.subspan(static_cast<std::size_t>(filled));
    }
  }

  memory_budget &memory() noexcept override { return memory_; }
  event_sink *events() noexcept override { return events_ ? &*events_ : nullptr; }
  std::chrono::nanoseconds operation_limit() const noexcept override { return operation_limit_; }
  void deliver_all_events() noexcept {
    if (events_) events_->deliver_all();
  }
  bool owns_this_thread() const noexcept override { return thread_group::owner_of_this_thread() == this; }
  void settle() override {
    for (const auto &group : io_) {
      std::promise<void> passed;
      asio::post(group->get_executor(), [&passed] { passed.set_value(); });
      passed.get_future().wait();
    }
  }

 private:
  template <typename Action>
  void for_each_group(Action action) {
    for (const auto &group : io_) action(*group);
    action(cpu_);
    action(callbacks_);
  }

  std::optional<event_queue> events_;
  memory_budget memory_;
  const int cpu_threads_;
  thread_group callbacks_;
  thread_group cpu_;
  std::vector<std::unique_ptr<thread_group>> io_;
  const std::chrono::nanoseconds operation_limit_;
  std::atomic<std::size_t> next_io_{0};
  std::optional<blocking_pool> blocking_;
};

void release(thread_runtime *released) noexcept {
  if (released->forked()) return;  // its threads are not here to be joined
  if (!released->owns_this_thread()) {
    released->deliver_all_events();
    delete released;
    return;
  }
  try {
    const auto tear_down = [released] {
      released->deliver_all_events();
      delete released;
    };
    start_signal_blocked_thread("evodb-teardown", tear_down).detach();
  } catch (...) {
    // Without a thread that could wait for this one, the runtime stays as it is, idle.
  }
}

void require_at_least_one(std::int64_t value, const char *name) {
  if (value < 1) fail(status::INVALID_ARGUMENT, fmt::format("{} is below 1: {}", name, value));
}

}  // namespace

std::shared_ptr<runtime> make_thread_runtime(const thread_runtime_options &options) {
  require_at_least_one(options.io_threads, "io_threads");
  if (options.cpu_threads != 0) require_at_least_one(options.cpu_threads, "cpu_threads");
  require_at_least_one(options.blocking_threads, "blocking_threads");
  require_at_least_one(options.memory_limit_bytes, "memory_limit_bytes");
  openssl_scope::prepare_process();
  return std::shared_ptr<runtime>(new thread_runtime(options),
                                  [](runtime *released) { release(static_cast<thread_runtime *>(released)); });
}

}  // namespace evodb
