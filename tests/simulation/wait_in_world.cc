#include "simulation/wait_in_world.h"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "base/error.h"

namespace evodb::simulation {

namespace asio = boost::asio;

task<> wait_in_world(world &in, process_id of, std::function<void(waker)> begin) {
  // Owns the coroutine while it waits; so the coroutine must not own it.
  struct waiting {
    std::function<void()> go_on;
  };
  bool is_cancelled = false;
  auto initiation = [&](auto handler) {
    asio::cancellation_slot slot = asio::get_associated_cancellation_slot(handler);
    const auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    const auto state = std::make_shared<waiting>();
    state->go_on = [shared] { std::move (*shared)(); };
    const auto wake = [&in, of](waiting &sleeper) {
      if (sleeper.go_on) in.post(of, std::exchange(sleeper.go_on, nullptr));
    };
    if (slot.is_connected()) {
      slot.assign([held = std::weak_ptr(state), wake, &is_cancelled](asio::cancellation_type) {
        const auto sleeper = held.lock();
        if (!sleeper || !sleeper->go_on) return;
        is_cancelled = true;
        wake(*sleeper);
      });
    }
    begin([state, wake] { wake(*state); });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiation, asio::use_awaitable);
  if (is_cancelled) fail(status::CANCELLED, "cancelled");
}

}  // namespace evodb::simulation
