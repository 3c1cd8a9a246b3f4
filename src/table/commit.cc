#include "table/commit.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/cancellation.h"
#include "runtime/deadline.h"
#include "table/commit_group.h"
#include "table/commit_member.h"

namespace evodb {
namespace {

/// How long whoever was asked to stop goes on for the outcome of what others have sent for it.
constexpr std::chrono::seconds longest_wait_for_others{5};
constexpr std::chrono::milliseconds look_again_after{100};

bool is_unknown(const std::exception_ptr &failure) {
  return error_of(failure).code() == status::COMMIT_STATE_UNKNOWN;
}

/// Of somebody who has come to the head of the line, and is cancelled.
std::exception_ptr failure_of_who_stops(const commit_member &self) {
  if (!self.was_sent || !self.has_landed()) return std::make_exception_ptr(error(status::CANCELLED, "cancelled"));
  return std::make_exception_ptr(
      error(status::COMMIT_STATE_UNKNOWN, "asked to stop before the table that the commit made could be read"));
}

using place_at_the_head = std::optional<async_semaphore::permit>;

/// None where that takes too long; without heed of any cancellation.
task<place_at_the_head> come_within(runtime &environment, async_semaphore &line, std::chrono::nanoseconds limit) {
  place_at_the_head came;
  std::function<task<>()> wait = [&]() -> task<> { came.emplace(co_await line.acquire()); };
  co_await run_regardless(environment, limit, std::move(wait));
  co_return came;
}

/// None where the caller was cancelled, and what came of it is decided. Throws what is so where it leaves: nothing is sent
/// for it from then on, but what was sent may still land.
task<place_at_the_head> come_to_the_head(table_context &context, commit_member &self) {
  async_semaphore &line = context.commits().line();
  place_at_the_head came;
  std::exception_ptr cancelled;
  try {
    came.emplace(co_await line.acquire());
  } catch (...) {
    cancelled = as_seen_by_callers(std::current_exception());
  }
  if (came) co_return came;
  if (error_of(cancelled).code() != status::CANCELLED) std::rethrow_exception(cancelled);
  co_await disregard_cancellation();
  runtime &environment = context.environment();
  const steady_time until = environment.steady_now() + longest_wait_for_others;
  while (!came && !self.is_decided()) {
    if (self.withdraw()) std::rethrow_exception(self.as_told(cancelled));
    // Read before it leaves: what is decided in between is not undone by that.
    const std::exception_ptr told = self.as_told(cancelled);
    const bool may_leave = environment.steady_now() >= until && is_unknown(told);
    if (may_leave && self.leave()) std::rethrow_exception(told);
    came = co_await come_within(environment, line, look_again_after);
  }
  co_return came;
}

}  // namespace

task<table> commit(table value, std::optional<idempotency_key> key) {
  if (key) check_idempotency_key(*key);
  const std::shared_ptr<table_context> context = value.context();
  auto self = std::make_shared<commit_member>(std::move(value), std::move(key));
  const commit_queue::place waiting(context->commits(), self);
  const place_at_the_head in_line = co_await come_to_the_head(*context, *self);
  co_await disregard_cancellation();  // who was in front may have committed this one too
  const bool is_asked_to_stop = co_await is_cancelled();
  const bool is_resumed = in_line && self->has_become_known();
  if (is_resumed) self->resume();  // what was sent is brought to its end
  if (!self->is_done() && is_asked_to_stop) self->failure = failure_of_who_stops(*self);
  if (!self->is_done()) co_await heed_cancellation();
  try {
    while (!self->is_done()) {
      commit_group group(context, self, context->commits().group_with(self));
      co_await group.run();
    }
  } catch (...) {
    self->failure = as_seen_by_callers(std::current_exception());
  }
  if (self->failure) std::rethrow_exception(self->as_told(self->failure));
  co_return std::move(*self->committed);
}

}  // namespace evodb
