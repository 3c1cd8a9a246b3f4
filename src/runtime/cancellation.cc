#include "runtime/cancellation.h"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include "base/error.h"

namespace evodb {

namespace asio = boost::asio;

task<> ignore_cancellation() {
  const asio::cancellation_state before = co_await asio::this_coro::cancellation_state;
  if (before.cancelled() == asio::cancellation_type::none) {
    // Let in, so that it is remembered; not let through to the wait that is under way when it comes.
    const asio::enable_terminal_cancellation in;
    const asio::disable_cancellation out;
    co_await asio::this_coro::reset_cancellation_state(in, out);
  }
  co_await asio::this_coro::throw_if_cancelled(false);
}

task<> throw_if_cancelled() {
  const asio::cancellation_state before = co_await asio::this_coro::cancellation_state;
  // Setting the filters anew forgets what came through them.
  if (before.cancelled() == asio::cancellation_type::none) co_await asio::this_coro::reset_cancellation_state();
  co_await asio::this_coro::throw_if_cancelled(true);
}

task<bool> is_cancelled() {
  const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

std::exception_ptr as_seen_by_callers(std::exception_ptr failure) noexcept {
  if (!failure) return failure;
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error &e) {
    if (e.code() == asio::error::operation_aborted)
      return std::make_exception_ptr(error(status::CANCELLED, "cancelled"));
  } catch (...) {
  }
  return failure;
}

}  // namespace evodb
