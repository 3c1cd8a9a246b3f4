#include "runtime/deadline.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "base/error.h"
#include "runtime/cancellation.h"

namespace evodb {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds longest_tidying{5};

using resumption = asio::async_result<asio::use_awaitable_t<>, void(std::exception_ptr)>::handler_type;

/// One call. It lives in the caller's frame, which waits for both; all run on the caller's executor, which is one thread.
struct race {
  race(executor where, runtime &environment_, std::chrono::nanoseconds limit_, std::function<task<>()> body_)
      : here(std::move(where)), environment(environment_), limit(limit_), body(std::move(body_)) {}

  task<> watch() {
    is_watching = true;
    if (has_ended) co_return;
    std::chrono::nanoseconds left = limit;
    if (notice.call && notice.after < limit) {
      co_await environment.sleep(notice.after);
      if (has_ended) co_return;
      notice.call();
      left -= notice.after;
    }
    co_await environment.sleep(left);
    is_late = !has_ended;
    if (is_late) cancel_body(asio::cancellation_type::terminal);
  }

  task<> run() {
    has_begun = true;
    if (is_cancelled) fail(status::CANCELLED, "cancelled");
    co_await body();
  }

  // Only what has begun may be cancelled: co_spawn lets what is thrown at the very first wait reach the thread alone.
  void cancel_body(asio::cancellation_type type) {
    is_cancelled = true;
    if (has_begun) to_body.emit(type);
  }

  /// The limit counts from now on.
  void start_watch() {
    if (has_watch || has_ended) return;
    has_watch = true;
    ++running;
    asio::co_spawn(here, watch(), asio::bind_cancellation_slot(to_watch.slot(), one_ended(caller.lock())));
  }

  void start(resumption handler, std::function<void(asio::cancellation_type)> when_cancelled) {
    asio::cancellation_slot slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected() && when_cancelled) slot.assign(std::move(when_cancelled));
    const auto owned = std::make_shared<resumption>(std::move(handler));
    caller = owned;
    const auto body_ended = [this, ended = one_ended(owned)](std::exception_ptr why) {
      has_ended = true;
      failure = std::move(why);
      if (is_watching) to_watch.emit(asio::cancellation_type::terminal);
      ended(nullptr);
    };
    ++running;
    asio::co_spawn(here, run(), asio::bind_cancellation_slot(to_body.slot(), body_ended));
  }

  /// What both do when they end owns the caller, so that dropping them drops it, too.
  std::function<void(std::exception_ptr)> one_ended(std::shared_ptr<resumption> owned) {
    return [this, owned = std::move(owned)](std::exception_ptr) {
      if (--running > 0) return;
      asio::post(here, [owned, result = is_late ? nullptr : failure] { std::move (*owned)(result); });
    };
  }

  const executor here;
  runtime &environment;
  const std::chrono::nanoseconds limit;
  const std::function<task<>()> body;
  late_notice notice;
  std::weak_ptr<resumption> caller;
  int running = 0;
  bool has_watch = false, is_watching = false, has_begun = false, is_cancelled = false, has_ended = false,
       is_late = false;
  std::exception_ptr failure;
  asio::cancellation_signal to_body, to_watch;
};

}  // namespace

task<bool> run_within(runtime &environment, std::chrono::nanoseconds limit, std::function<task<>()> body) {
  return run_within(environment, limit, std::move(body), late_notice());
}

task<bool> run_within(runtime &environment, std::chrono::nanoseconds limit, std::function<task<>()> body,
                      late_notice notice) {
  race both(co_await asio::this_coro::executor, environment, limit, std::move(body));
  both.notice = std::move(notice);
  auto initiation = [&](resumption caller) {
    both.start(std::move(caller), [&both](asio::cancellation_type type) { both.cancel_body(type); });
    both.start_watch();
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(initiation,
                                                                                         asio::use_awaitable);
  co_return !both.is_late;
}

task<bool> run_regardless(runtime &environment, std::chrono::nanoseconds limit, std::function<task<>()> body) {
  race both(co_await asio::this_coro::executor, environment, limit, std::move(body));
  auto initiation = [&](resumption caller) {
    both.start(std::move(caller), nullptr);
    both.start_watch();
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(initiation,
                                                                                         asio::use_awaitable);
  co_return !both.is_late;
}

task<> tidy_up(runtime &environment, std::function<task<>()> body) {
  co_await asio::this_coro::throw_if_cancelled(false);
  try {
    co_await run_regardless(environment, longest_tidying, std::move(body));
  } catch (const std::exception &) {
    // What is left behind does no harm.
  }
}

task<bool> finish_after_cancellation(runtime &environment, std::chrono::nanoseconds grace,
                                     std::function<task<>()> body) {
  const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
  co_await asio::this_coro::throw_if_cancelled(false);
  race both(co_await asio::this_coro::executor, environment, grace, std::move(body));
  auto initiation = [&](resumption caller) {
    both.start(std::move(caller), [&both](asio::cancellation_type) { both.start_watch(); });
    if (state.cancelled() != asio::cancellation_type::none) both.start_watch();
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(initiation,
                                                                                         asio::use_awaitable);
  co_return !both.is_late;
}

}  // namespace evodb
