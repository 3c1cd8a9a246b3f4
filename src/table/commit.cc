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

using place_at_the_head = std::optional<async_semaphore::permit>;

task<place_at_the_head> come_within(runtime &environment, async_semaphore &line, std::chrono::nanoseconds limit) {
  place_at_the_head came;
  std::function<task<>()> wait = [&]() -> task<> { came.emplace(co_await line.acquire()); };
  co_await run_within(environment, limit, std::move(wait));
  co_return came;
}

/// None where the caller was cancelled, and leaves: nothing is sent for it any more, or what was sent may still land.
task<place_at_the_head> come_to_the_head(table_context &context, commit_member &self) {
  async_semaphore &line = context.commits().line();
  place_at_the_head came;
  std::exception_ptr why_not;
  try {
    came.emplace(co_await line.acquire());
  } catch (...) {
    why_not = as_seen_by_callers(std::current_exception());
  }
  if (came) co_return came;
  if (error_of(why_not).code() != status::CANCELLED) std::rethrow_exception(why_not);
  co_await disregard_cancellation();
  if (self.withdraw()) co_return came;
  came = co_await come_within(context.environment(), line, longest_wait_for_others);
  // What is decided comes to the head of the line soon.
  while (!came && !self.withdraw() && !self.is_unresolved())
    came = co_await come_within(context.environment(), line, look_again_after);
  co_return came;
}

}  // namespace

task<table> commit(table value, std::optional<idempotency_key> key) {
  if (key) check_idempotency_key(*key);
  const std::shared_ptr<table_context> context = value.context();
  auto self = std::make_shared<commit_member>(std::move(value), std::move(key));
  const commit_queue::place waiting(context->commits(), self);
  const std::exception_ptr cancelled = std::make_exception_ptr(error(status::CANCELLED, "cancelled"));
  const place_at_the_head in_line = co_await come_to_the_head(*context, *self);
  co_await disregard_cancellation();  // who was in front may have committed this one too
  if (!in_line) std::rethrow_exception(self->as_told(cancelled));
  const bool is_resumed = self->has_become_known();
  if (is_resumed) self->failure = nullptr;  // what was sent is brought to its end
  const bool is_given_up = co_await is_cancelled() && !is_resumed && !self->is_done();
  if (is_given_up) self->failure = cancelled;
  if (!self->is_done() && !is_resumed) co_await heed_cancellation();
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
