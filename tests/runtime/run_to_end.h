#pragma once

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "runtime/operation.h"

namespace evodb {

/// Runs `body`, which returns a task, as an operation of its own and waits for it: gives its result or throws its
/// failure.
template <typename Body>
auto run_to_end(const std::shared_ptr<runtime> &environment, Body body) {
  using result = typename std::invoke_result_t<Body &>::value_type;
  auto run = [&body]() -> task<std::shared_ptr<void>> {
    if constexpr (std::is_void_v<result>) {
      co_await body();
      co_return nullptr;
    } else {
      result value = co_await body();
      co_return std::make_shared<result>(std::move(value));
    }
  };
  const std::shared_ptr<operation> running = operation::start(environment, run);
  running->wait(-1);
  if (const std::exception_ptr failure = running->failure()) std::rethrow_exception(failure);
  if constexpr (!std::is_void_v<result>) return std::move(*std::static_pointer_cast<result>(running->take()));
}

}  // namespace evodb
