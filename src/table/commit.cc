#include "table/commit.h"

#include <memory>
#include <utility>
#include <vector>

#include "runtime/cancellation.h"
#include "table/commit_group.h"
#include "table/commit_member.h"

namespace evodb {

task<table> commit(table value, std::optional<idempotency_key> key) {
  if (key) check_idempotency_key(*key);
  const std::shared_ptr<table_context> context = value.context();
  auto self = std::make_shared<commit_member>(std::move(value), std::move(key));
  const commit_queue::place waiting(context->commits(), self);
  co_await ignore_cancellation();  // whoever is in front may have sent this one too
  const async_semaphore::permit in_line = co_await context->commits().line().acquire();
  const bool is_resumed = self->has_become_known();
  if (is_resumed) self->failure = nullptr;  // what was sent is brought to its end
  const bool is_given_up = co_await is_cancelled() && !is_resumed && !self->is_done();
  if (is_given_up) self->failure = std::make_exception_ptr(error(status::CANCELLED, "cancelled"));
  if (!self->is_done() && !is_resumed) co_await heed_cancellation();
  while (!self->is_done()) {  // nobody who was in front has committed this one too
    commit_group group(context, self, context->commits().group_with(self));
    co_await group.run();
  }
  if (self->failure) std::rethrow_exception(self->told_failure());
  co_return std::move(*self->committed);
}

}  // namespace evodb
