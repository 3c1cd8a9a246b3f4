#include "runtime/operation.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

#include "base/error.h"
#include "runtime/cancellation.h"
#include "runtime/deadline.h"

namespace evodb {

namespace asio = boost::asio;

std::shared_ptr<operation> operation::make(std::shared_ptr<runtime> environment) {
  // In a fork, threads that wait here were left behind, and destroying what they wait for would wait for them.
  const auto release = [](operation *released) {
    if (!released->environment_ || !released->environment_->forked()) delete released;
  };
  return std::shared_ptr<operation>(new operation(std::move(environment)), release);
}

const std::shared_ptr<const trace> &operation::no_trace() {
  static const auto empty = std::make_shared<const trace>();
  return empty;
}

std::shared_ptr<operation> operation::make_to_run(std::shared_ptr<runtime> environment, body run, std::string name) {
  std::shared_ptr<operation> made = make(std::move(environment));
  made->home_ = made->environment_->io();
  made->name_ = std::move(name);
  made->run_ = std::move(run);
  if (made->environment_->events() != nullptr) {
    made->trace_ = std::make_shared<const trace>(new_trace(*made->environment_));
    made->home_ = with_trace(std::move(made->home_), made->trace_);
  }
  return made;
}

std::shared_ptr<operation> operation::start(std::shared_ptr<runtime> environment, body run, std::string name) {
  std::shared_ptr<operation> made = make_to_run(std::move(environment), std::move(run), std::move(name));
  made->begin();
  return made;
}

void operation::start_in_background(std::shared_ptr<runtime> environment, body run, std::string name) {
  const std::shared_ptr<operation> made = make_to_run(std::move(environment), std::move(run), std::move(name));
  made->is_limited_ = false;
  made->begin();
}

/// The coroutine owns the operation while it runs. It is cancelled only once it has begun: co_spawn lets what is thrown at
/// the very first wait reach the thread alone, and only the body can say what its caller has to get.
void operation::begin() {
  const auto run = [self = shared_from_this()] {
    self->has_begun_ = true;
    if (self->is_cancelled_) asio::post(self->home_, [self] { self->cancel_.emit(asio::cancellation_type::terminal); });
    return self->run_to_end();
  };
  const auto finish = [self = shared_from_this()](std::exception_ptr failure, std::shared_ptr<void> result) {
    self->end(std::move(failure), std::move(result));
  };
  asio::co_spawn(home_, run, asio::bind_cancellation_slot(cancel_.slot(), finish));
}

task<std::shared_ptr<void>> operation::run_to_end() {
  traced_span span(*environment_, *trace_, name_);
  std::exception_ptr failure;
  try {
    co_return co_await run_in_time();
  } catch (...) {
    failure = as_seen_by_callers(std::current_exception());
  }
  span.fail_with(failure);
  std::rethrow_exception(failure);
}

task<std::shared_ptr<void>> operation::run_in_time() {
  const std::chrono::nanoseconds limit = environment_->operation_limit();
  if (limit.count() == 0 || !is_limited_) co_return co_await run_();
  std::shared_ptr<void> result;
  // Being cut short: until the body has said otherwise.
  std::exception_ptr failure = std::make_exception_ptr(error(status::CANCELLED, "cancelled"));
  std::function<task<>()> run = [&]() -> task<> {
    try {
      result = co_await run_();
      failure = nullptr;
    } catch (...) {
      failure = as_seen_by_callers(std::current_exception());
    }
  };
  const bool is_in_time = co_await run_within(*environment_, limit, std::move(run));
  if (!is_in_time && failure && error_of(failure).code() == status::CANCELLED) {
    const error cut_short = error_of(failure);
    const std::string where = cut_short.message() == "cancelled" ? "" : ": " + cut_short.message();
    fail(status::DEADLINE_EXCEEDED, fmt::format("not done within {} ms{}", limit / std::chrono::milliseconds(1), where),
         cut_short.subject());
  }
  if (failure) std::rethrow_exception(failure);
  co_return result;
}

std::shared_ptr<operation> operation::failed(std::shared_ptr<runtime> environment, std::exception_ptr why) {
  std::shared_ptr<operation> made = make(std::move(environment));
  made->end(std::move(why), nullptr);
  return made;
}

std::shared_ptr<operation> operation::done(std::shared_ptr<runtime> environment) {
  std::shared_ptr<operation> made = make(std::move(environment));
  made->end(nullptr, nullptr);
  return made;
}

void operation::end(std::exception_ptr failure, std::shared_ptr<void> result) {
  run_ = nullptr;  // a caller that sees the end may count on what the body held being released
  std::function<void()> callback;
  {
    const std::lock_guard held(mutex_);
    failure_ = as_seen_by_callers(std::move(failure));
    result_ = std::move(result);
    callback = std::move(callback_);
    ready_.store(true, std::memory_order_release);
    ended_.notify_all();
  }
  if (callback) post(std::move(callback));
}

void operation::post(std::function<void()> callback) {
  // The callback may let go of the runtime's last handle before its queue has returned from taking it.
  const std::shared_ptr<runtime> kept = environment_;
  asio::post(environment_->callbacks(), [self = shared_from_this(), callback = std::move(callback)] { callback(); });
}

operation::wait_result operation::wait(std::int64_t timeout_ms) {
  if (is_ready()) return wait_result::ready;
  if (environment_->owns_this_thread()) return wait_result::would_deadlock;
  const auto ready = [this] { return is_ready(); };
  std::unique_lock held(mutex_);
  if (timeout_ms < 0) {
    ended_.wait(held, ready);
    return wait_result::ready;
  }
  constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 365);  // adding much more to now would overflow
  const auto timeout = std::min(std::chrono::milliseconds(timeout_ms), longest);
  return ended_.wait_for(held, timeout, ready) ? wait_result::ready : wait_result::timed_out;
}

void operation::cancel() {
  if (!environment_ || environment_->forked() || is_ready() || is_cancelled_.exchange(true)) return;
  asio::post(home_, [self = shared_from_this()] {
    if (self->has_begun_) self->cancel_.emit(asio::cancellation_type::terminal);
  });
}

bool operation::on_ready(std::function<void()> callback) {
  if (!environment_) fail(status::INVALID_ARGUMENT, "no runtime on which a callback could run");
  {
    const std::lock_guard held(mutex_);
    if (std::exchange(has_callback_, true)) return false;
    if (!is_ready()) {
      callback_ = std::move(callback);
      return true;
    }
  }
  post(std::move(callback));
  return true;
}

std::exception_ptr operation::failure() const {
  const std::lock_guard held(mutex_);
  return failure_;
}

std::shared_ptr<void> operation::take() {
  const std::lock_guard held(mutex_);
  return std::exchange(result_, nullptr);
}

}  // namespace evodb
