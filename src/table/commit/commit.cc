#include "table/commit/commit.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/cancellation.h"
#include "runtime/deadline.h"
#include "table/commit/commit_call.h"
#include "table/commit/commit_group.h"
#include "table/commit/grouping.h"

namespace evodb {
namespace {

/// How long a call that was asked to stop goes on for the outcome of what others have sent for it.
constexpr std::chrono::seconds longest_wait_for_others{5};
constexpr std::chrono::milliseconds look_again_after{100};

bool is_unknown(const std::exception_ptr &failure) {
  return error_of(failure).code() == status::COMMIT_STATE_UNKNOWN;
}

std::exception_ptr cancelled() {
  return std::make_exception_ptr(error(status::CANCELLED, "cancelled"));
}

/// For a call that is asked to stop: the newest version that was seen, where all of it is known to have landed.
std::optional<table> what_landed(const std::shared_ptr<table_context> &context, const commit_call &self) {
  if (!self.was_sent || !self.has_landed() || (self.key && !self.is_key_recorded)) return std::nullopt;
  std::optional<table_version> newest = context->newest_seen(self.value.metadata()->table_uuid);
  if (!newest) return std::nullopt;
  return table(context, *std::move(newest));
}

using place_at_the_head = std::optional<async_semaphore::permit>;

/// None where that takes too long; whether it is cancelled or not.
task<place_at_the_head> come_within(runtime &environment, async_semaphore &line, std::chrono::nanoseconds limit) {
  place_at_the_head came;
  std::function<task<>()> wait = [&]() -> task<> { came.emplace(co_await line.acquire()); };
  co_await run_regardless(environment, limit, std::move(wait));
  co_return came;
}

/// None where the caller was cancelled, and what came of it is decided. Throws what is so where it leaves: nothing is sent
/// for it from then on, but what was sent may still land.
task<place_at_the_head> acquire_commit_lock(table_context &context, commit_call &self) {
  async_semaphore &line = context.commits().line();
  place_at_the_head came;
  std::exception_ptr why;
  try {
    came.emplace(co_await line.acquire());
  } catch (...) {
    why = as_seen_by_callers(std::current_exception());
  }
  if (came) co_return came;
  if (error_of(why).code() != status::CANCELLED) std::rethrow_exception(why);
  co_await disregard_cancellation();
  runtime &environment = context.runtime();
  const steady_time until = environment.steady_now() + longest_wait_for_others;
  while (!came && !self.is_decided()) {
    if (self.withdraw()) std::rethrow_exception(self.error_for_caller(why));
    // Read before it leaves: what is decided in between is not undone by that. And after: the body may be another one.
    const std::exception_ptr before = self.error_for_caller(why);
    const bool may_leave = environment.steady_now() >= until && is_unknown(before);
    if (may_leave && self.leave()) {
      const std::exception_ptr now = self.error_for_caller(why);
      std::rethrow_exception(is_unknown(now) ? now : before);
    }
    came = co_await come_within(environment, line, look_again_after);
  }
  co_return came;
}

}  // namespace

task<table> commit(table value, std::optional<idempotency_key> key) {
  if (key) check_idempotency_key(*key);
  const std::shared_ptr<table_context> context = value.context();
  context->catalog().check_committable(value.base());  // before any file of it is written
  auto self = std::make_shared<commit_call>(std::move(value), std::move(key));
  const commit_queue::place waiting(context->commits(), self);
  const place_at_the_head in_line = co_await acquire_commit_lock(*context, *self);
  co_await disregard_cancellation();  // who was in front may have committed this one too
  const bool is_asked_to_stop = co_await is_cancelled();
  if (self->has_become_known()) {  // another call has found it out since it was reported
    if (!in_line) {
      std::optional<table> landed = what_landed(context, *self);
      if (landed) co_return *std::move(landed);
      std::rethrow_exception(self->error_for_caller(cancelled()));
    }
    self->resume();  // what was sent is brought to its end
  }
  if (!self->is_done() && is_asked_to_stop) {
    if (std::optional<table> landed = what_landed(context, *self)) {
      self->outcome = *std::move(landed);
    } else {
      self->outcome = cancelled();
    }
  }
  if (!self->is_done()) co_await throw_if_cancelled();
  try {
    while (!self->is_done()) {
      commit_group group(context, self, group_with(self, context->commits()));
      co_await group.run();
    }
  } catch (...) {
    self->outcome = as_seen_by_callers(std::current_exception());
  }
  if (const auto *failure = std::get_if<std::exception_ptr>(&self->outcome))
    std::rethrow_exception(self->error_for_caller(*failure));
  co_return std::get<table>(std::move(self->outcome));
}

}  // namespace evodb
