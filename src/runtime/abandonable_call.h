#pragma once

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
#include <utility>

#include "runtime/quiet_thread.h"
#include "runtime/runtime.h"

namespace evodb {

/// Runs `work()` where `start` starts it, and comes back with its result or exception. For calls that nothing can end: a
/// cancellation ends the wait, and the call is left to itself. So `work` owns all that it needs.
template <typename Result>
task<Result> call_abandonably(std::shared_ptr<runtime> environment, std::function<Result()> work,
                              std::function<void(std::function<void()>)> start) {
  using resumption = boost::asio::async_result<boost::asio::use_awaitable_t<>, void(std::exception_ptr)>::handler_type;
  struct call {
    std::optional<resumption> waiting;  ///< only touched at the caller's home
    std::optional<Result> result;
    std::exception_ptr failure;
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
          const boost::system::system_error cut_short(boost::asio::error::operation_aborted);
          state->end(std::make_exception_ptr(cut_short));
        });
      });
    }
    const std::weak_ptr<runtime> still = environment;
    auto run = [home, state, still, work = std::move(work)]() mutable {
      std::optional<Result> result;
      std::exception_ptr failure;
      try {
        result.emplace(work());
      } catch (...) {
        failure = std::current_exception();
      }
      const std::shared_ptr<runtime> alive = still.lock();
      if (!alive) return;  // and nobody waits
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
  co_return std::move(*state->result);
}

/// The same on a thread of its own, such as a name's resolution.
template <typename Result>
task<Result> call_abandonably(std::shared_ptr<runtime> environment, std::function<Result()> work) {
  std::function<void(std::function<void()>)> start = [](std::function<void()> run) {
    start_quiet_thread("evodb-call", std::move(run)).detach();
  };
  return call_abandonably<Result>(std::move(environment), std::move(work), std::move(start));
}

}  // namespace evodb
