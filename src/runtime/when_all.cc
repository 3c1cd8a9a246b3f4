#include "runtime/when_all.h"

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <exception>
#include <memory>
#include <utility>

namespace evodb {
namespace {

namespace asio = boost::asio;

using resumption = asio::async_result<asio::use_awaitable_t<>, void(std::exception_ptr)>::handler_type;

/// One call. It lives in the caller's frame, which waits for all workers; they run on the caller's executor, which is
/// one thread: no lock.
struct fan_out {
  fan_out(executor where, std::size_t count_, std::function<task<>(std::size_t)> body_)
      : here(std::move(where)), count(count_), body(std::move(body_)) {}

  task<> work() {
    while (!failure && next < count) co_await body(next++);
  }

  void start(std::size_t workers, resumption handler) {
    if (asio::cancellation_slot slot = asio::get_associated_cancellation_slot(handler); slot.is_connected()) {
      slot.assign([this](asio::cancellation_type type) {
        for (asio::cancellation_signal &signal : signals) signal.emit(type);
      });
    }
    // Owned by what the workers do when they end, so that dropping them all drops the caller, too.
    const auto caller = std::make_shared<resumption>(std::move(handler));
    const auto one_ended = [this, caller](std::exception_ptr why) {
      if (why && !failure) failure = std::move(why);
      if (--running > 0) return;
      // Posted, since the last worker's frame is still on the stack and refers to this one.
      asio::post(here, [caller, result = failure] { std::move (*caller)(result); });
    };
    running = workers + 1;  // one for this loop: a worker may end inside co_spawn
    for (std::size_t i = 0; i < workers; ++i) {
      const asio::cancellation_slot slot = signals.emplace_back().slot();
      asio::co_spawn(here, work(), asio::bind_cancellation_slot(slot, one_ended));
    }
    one_ended(nullptr);
  }

  const executor here;
  const std::size_t count;
  const std::function<task<>(std::size_t)> body;
  std::size_t next = 0;
  std::size_t running = 0;
  std::exception_ptr failure;
  std::deque<asio::cancellation_signal> signals;  ///< one a worker; they must stay where they are
};

}  // namespace

task<> for_each_concurrently(std::size_t count, std::size_t limit, std::function<task<>(std::size_t)> body) {
  const std::size_t workers = std::min(count, std::max<std::size_t>(limit, 1));
  if (workers == 0) co_return;
  fan_out all(co_await asio::this_coro::executor, count, std::move(body));
  auto initiation = [&](resumption caller) { all.start(workers, std::move(caller)); };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(initiation,
                                                                                         asio::use_awaitable);
}

}  // namespace evodb
