#pragma once

#include <atomic>
#include <boost/asio/cancellation_signal.hpp>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>

#include "runtime/runtime.h"
#include "runtime/task.h"
#include "runtime/trace.h"

namespace evodb {

/// The state behind a C future: a running or ended operation whose result is a type-erased shared pointer. Any thread
/// may wait, cancel, register and read; the result is taken once. Letting go of it does not cancel it. In a fork of the
/// process, cancelling and letting go do nothing, and nothing else may be called.
class operation : public std::enable_shared_from_this<operation> {
 public:
  using body = std::function<task<std::shared_ptr<void>>()>;

  /// Starts the body on one of the runtime's I/O executors. The operation keeps the runtime alive, and the body until
  /// it has ended. Where the runtime limits operations, one that takes longer is cancelled: it then ends with
  /// DEADLINE_EXCEEDED, or with the result that it had. `name` is that of its span.
  static std::shared_ptr<operation> start(std::shared_ptr<runtime> environment, body run,
                                          std::string name = "operation");
  /// One without a caller that waits for it, which no limit ends.
  static void start_in_background(std::shared_ptr<runtime> environment, body run, std::string name);
  /// One that has already failed (bad arguments arrive through the future, too). Without a runtime it takes no
  /// callback.
  static std::shared_ptr<operation> failed(std::shared_ptr<runtime> environment, std::exception_ptr why);
  /// One without a result that ended before it began: no thread has anything to do for it.
  static std::shared_ptr<operation> done(std::shared_ptr<runtime> environment);

  enum class wait_result { ready, timed_out, would_deadlock };
  /// Waits at most `timeout_ms` (-1: for ever). Refused on a thread of the runtime (in a callback above all), unless it
  /// is ready.
  wait_result wait(std::int64_t timeout_ms);
  bool is_ready() const noexcept { return ready_.load(std::memory_order_acquire); }
  /// Sticky, idempotent. The operation ends with CANCELLED, or with the result that it had: a commit that was sent is not
  /// undone.
  void cancel();
  /// Fires exactly once, on the runtime's callback executor, never inside this call. False if one was registered
  /// before.
  bool on_ready(std::function<void()> callback);

  /// 32 hex digits that all events of this operation have; empty where events go nowhere.
  const std::string &id() const noexcept { return trace_->operation_id; }
  std::exception_ptr failure() const;  ///< after ready; null without one
  std::shared_ptr<void> take();        ///< after ready and without failure; null when it was taken before

 private:
  explicit operation(std::shared_ptr<runtime> environment) : environment_(std::move(environment)) {}
  static std::shared_ptr<operation> make(std::shared_ptr<runtime> environment);
  static const std::shared_ptr<const trace> &no_trace();

  static std::shared_ptr<operation> make_to_run(std::shared_ptr<runtime> environment, body run, std::string name);
  void begin();
  task<std::shared_ptr<void>> run_to_end();
  task<std::shared_ptr<void>> run_in_time();
  void end(std::exception_ptr failure, std::shared_ptr<void> result);
  void post(std::function<void()> callback);

  const std::shared_ptr<runtime> environment_;
  executor home_;  ///< where the body runs
  std::string name_;
  std::shared_ptr<const trace> trace_ = no_trace();
  body run_;                                 ///< until it has ended; only touched at home
  boost::asio::cancellation_signal cancel_;  ///< only touched at home
  std::atomic<bool> is_cancelled_{false};
  bool has_begun_ = false;  ///< of its home alone
  bool is_limited_ = true;

  mutable std::mutex mutex_;  ///< of all below
  std::condition_variable ended_;
  std::atomic<bool> ready_{false};
  std::exception_ptr failure_;
  std::shared_ptr<void> result_;
  std::function<void()> callback_;
  bool has_callback_ = false;
};

}  // namespace evodb
