#pragma once

#include <atomic>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "runtime/runtime.h"

namespace evodb {

/// Runs `work()` where `start` starts it, and comes back with its result or exception. For calls that nothing can end: a
/// cancellation ends the wait. A call that runs by then is left to itself, and the result is null; one that did not begin
/// never does, and the wait fails. So `work` owns all that it needs.
template <typename Result>
task<std::optional<Result>> call_or_leave(std::shared_ptr<runtime> environment, std::function<Result()> work,
                                          std::function<void(std::function<void()>)> start) {
  using resumption = boost::asio::async_result<boost::asio::use_awaitable_t<>, void(std::exception_ptr)>::handler_type;
  struct call {
    std::optional<resumption> waiting;  ///< this and what follows is only touched at the caller's home
    std::optional<Result> result;
    std::atomic<bool> is_claimed = false;  ///< but this: by the call when it begins, or by who leaves before
    void end(std::exception_ptr with) {
      if (!waiting) return;
      resumption handler = std::move(*waiting);
      waiting.reset();
      std::move(handler)(std::move(with));
    }
  };
  const auto state = std::make_shared<call>();
  auto initiation = [&](resumption handler) {
    const executor home = boost::asio::get_associated_executor(handler);
    boost::asio::cancellation_slot slot = boost::asio::get_associated_cancellation_slot(handler);
    state->waiting.emplace(std::move(handler));
    if (slot.is_connected()) {
      slot.assign([home, state](boost::asio::cancellation_type) {
        boost::asio::post(home, [state] {
          const bool runs = state->is_claimed.exchange(true);
          const boost::system::system_error cut_short(boost::asio::error::operation_aborted);
          state->end(runs ? nullptr : std::make_exception_ptr(cut_short));
        });
      });
    }
    const std::weak_ptr<runtime> still = environment;
    auto run = [home, state, still, work = std::move(work)]() mutable {
      if (state->is_claimed.exchange(true)) return;
      std::optional<Result> result;
      std::exception_ptr failure;
      try {
        result.emplace(work());
      } catch (...) {
        failure = std::current_exception();
      }
      work = nullptr;  // what it owns is destroyed here, not at home
      const std::shared_ptr<runtime> alive = still.lock();
      if (!alive) return;  // and no operation waits
      boost::asio::post(home, [state, result = std::move(result), failure]() mutable {
        state->result = std::move(result);
        state->end(failure);
      });
    };
    try {
      start(std::move(run));
    } catch (...) {
      boost::asio::post(home, [state, why = std::current_exception()] { state->end(why); });
    }
  };
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(std::exception_ptr)>(
      initiation, boost::asio::use_awaitable);
  co_return std::move(state->result);
}

/// The same where it does not matter what becomes of a call that was left: it fails as cancelled.
template <typename Result>
task<Result> call_abandonably(std::shared_ptr<runtime> environment, std::function<Result()> work,
                              std::function<void(std::function<void()>)> start) {
  std::optional<Result> result =
      co_await call_or_leave<Result>(std::move(environment), std::move(work), std::move(start));
  if (!result) throw boost::system::system_error(boost::asio::error::operation_aborted);
  co_return std::move(*result);
}

/// The same object, which its last owner gives up where calls may block: closing a file may ask a server, too.
template <typename T>
std::shared_ptr<T> released_where_it_may_block(const std::shared_ptr<runtime> &environment, std::shared_ptr<T> owned) {
  T *const raw = owned.get();
  auto release = [still = std::weak_ptr<runtime>(environment), owned = std::move(owned)](T *) mutable {
    const std::shared_ptr<runtime> alive = still.lock();
    if (alive) alive->start_blocking([last = std::move(owned)]() mutable { last.reset(); });
  };
  return std::shared_ptr<T>(raw, std::move(release));
}

/// Both of calls that block in the kernel.
template <typename Work, typename Result = std::invoke_result_t<Work &>>
task<std::optional<Result>> call_blocking_or_leave(std::shared_ptr<runtime> environment, Work work) {
  runtime &there = *environment;
  std::function<void(std::function<void()>)> start = [&there](std::function<void()> run) {
    there.start_blocking(std::move(run));
  };
  std::function<Result()> call = std::move(work);
  return call_or_leave<Result>(std::move(environment), std::move(call), std::move(start));
}

template <typename Work>
task<std::invoke_result_t<Work &>> call_blocking(std::shared_ptr<runtime> environment, Work work) {
  using result = std::invoke_result_t<Work &>;
  if constexpr (std::is_void_v<result>) {
    auto call = [work = std::move(work)]() mutable {
      work();
      return std::monostate();
    };
    co_await call_blocking(std::move(environment), std::move(call));
  } else {
    std::optional<result> given = co_await call_blocking_or_leave(std::move(environment), std::move(work));
    if (!given) throw boost::system::system_error(boost::asio::error::operation_aborted);
    co_return std::move(*given);
  }
}

}  // namespace evodb
