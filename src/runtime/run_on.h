#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "runtime/task.h"

namespace evodb {

/// Runs `work()` on another executor and comes back with its result (or exception) on the caller's own. `work` runs to
/// its end even if the operation is cancelled meanwhile, and this waits for it: so it may refer to what the calling
/// coroutine holds.
template <typename Work>
task<std::invoke_result_t<Work &>> run_on(executor elsewhere, Work work) {
  using result = std::invoke_result_t<Work &>;
  constexpr bool has_result = !std::is_void_v<result>;
  std::optional<std::conditional_t<has_result, result, std::monostate>> value;
  std::exception_ptr failure;
  // The references reach into this coroutine's frame, which the handler owns until it is called.
  auto initiation = [&](auto handler) {
    boost::asio::post(elsewhere, [&, handler = std::move(handler)]() mutable {
      try {
        if constexpr (has_result) {
          value.emplace(work());
        } else {
          work();
        }
      } catch (...) {
        failure = std::current_exception();
      }
      const auto home = boost::asio::get_associated_executor(handler);
      boost::asio::post(home, std::move(handler));
    });
  };
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(initiation,
                                                                                     boost::asio::use_awaitable);
  if (failure) std::rethrow_exception(std::move(failure));
  if constexpr (has_result) co_return std::move(*value);
}

}  // namespace evodb
