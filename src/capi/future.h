#pragma once

#include <exception>
#include <functional>
#include <memory>

#include "capi/boundary.h"
#include "capi/handles.h"
#include "capi/result.h"
#include "runtime/task.h"

namespace evodb::capi {

using operation_body = std::function<task<result>()>;

/// Runs `prepare` at once (it checks and copies the arguments and gives the work), then its work on the runtime.
/// Whatever either throws arrives through the future. Never NULL. `kind` is what the work comes to, `name` what those
/// who watch are told: the calling function's.
evodb_future *start(std::shared_ptr<runtime> environment, result::kind kind,
                    const std::function<operation_body()> &prepare, const char *name = __builtin_FUNCTION()) noexcept;

/// Gives out an operation that `prepare` finds or starts, and that has no result.
evodb_future *fetch(std::shared_ptr<runtime> environment,
                    const std::function<std::shared_ptr<operation>()> &prepare) noexcept;

/// Waits and takes the result, which must be of the given kind.
std::shared_ptr<result> take(evodb_future *future, std::int64_t timeout_ms, result::kind expected);

}  // namespace evodb::capi
