#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "runtime/operation.h"

namespace evodb {

/// Runs a coroutine on the runtime and waits for what it comes to.
template <typename T>
T wait_for(const std::shared_ptr<runtime> &environment, const std::function<task<T>()> &body) {
  auto run = [body]() -> task<std::shared_ptr<void>> {
    T result = co_await body();
    co_return std::make_shared<T>(std::move(result));
  };
  const auto started = operation::start(environment, run);
  started->wait(-1);
  if (const auto failure = started->failure()) std::rethrow_exception(failure);
  return std::move(*std::static_pointer_cast<T>(started->take()));
}

}  // namespace evodb
