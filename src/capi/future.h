#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <type_traits>
#include <typeindex>
#include <utility>

#include "capi/boundary.h"
#include "evodb_lakehouse.h"
#include "io/transfer_progress.h"
#include "runtime/operation.h"
#include "runtime/task.h"

struct evodb_future {
  std::shared_ptr<evodb::runtime> runtime;  ///< null: the call was given no handle
  std::shared_ptr<evodb::operation> operation;
  std::type_index result_type;                                    ///< of void: there is nothing to take
  std::shared_ptr<const evodb::transfer_progress> progress = {};  ///< null: it has none
};

namespace evodb::capi {

/// A future of the operation that `prepare` returns. What `prepare` throws arrives through the future. Never NULL.
evodb_future *make_future(std::shared_ptr<runtime> on, std::type_index result_type,
                          const std::function<std::shared_ptr<operation>()> &prepare) noexcept;

/// A future of an operation with a result of type T: runs `prepare` at once (it checks and copies the arguments), and
/// what `prepare` returns, a function that returns a task<T>, on the runtime. What either throws arrives through the
/// future. Never NULL. `name` is the operation's in events: the calling function's.
template <typename Prepare>
evodb_future *start(const std::shared_ptr<runtime> &on, Prepare prepare,
                    const char *name = __builtin_FUNCTION()) noexcept {
  using result = typename std::invoke_result_t<std::invoke_result_t<Prepare>>::value_type;
  return make_future(on, typeid(result), [&] {
    auto run = [work = prepare()]() -> task<std::shared_ptr<void>> {
      if constexpr (std::is_void_v<result>) {
        co_await work();
        co_return nullptr;
      } else {
        result value = co_await work();
        co_return std::make_shared<result>(std::move(value));
      }
    };
    return operation::start(on, std::move(run), name);
  });
}

/// Waits and takes the result. INVALID_ARGUMENT if the future's is of another type, or was taken before.
std::shared_ptr<void> take(evodb_future *future, std::int64_t timeout_ms, std::type_index expected);
template <typename Result>
std::shared_ptr<Result> take(evodb_future *future, std::int64_t timeout_ms) {
  return std::static_pointer_cast<Result>(take(future, timeout_ms, typeid(Result)));
}

}  // namespace evodb::capi
