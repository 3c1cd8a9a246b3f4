#include "capi/blocking_walk.h"

#include <utility>

#include "capi/boundary.h"

namespace evodb::capi {

blocking_walk::blocking_walk(std::shared_ptr<const plan> over, bool explains)
    : walk_(std::make_shared<plan_walk>(std::move(over), explains)) {
  check_process(*environment());
}

blocking_walk::~blocking_walk() {
  if (under_way_) under_way_->cancel();  // the step keeps what it needs alive until it has ended
}

std::shared_ptr<runtime> blocking_walk::environment() const {
  return walk_->over()->context()->where()->environment();
}

std::shared_ptr<operation> blocking_walk::fetch() {
  check_process(*environment());
  if (!under_way_) {
    auto step = [walk = walk_]() -> task<std::shared_ptr<void>> {
      std::optional<planned_files> files = co_await walk->next();
      co_return std::make_shared<std::optional<planned_files>>(std::move(files));
    };
    under_way_ = operation::start(environment(), std::move(step), "evodb_plan files");
  }
  return under_way_;
}

std::optional<planned_files> blocking_walk::next() {
  const std::shared_ptr<operation> step = fetch();
  if (step->wait(-1) == operation::wait_result::would_deadlock) {
    fail(status::WOULD_DEADLOCK, "waiting inside a callback would wait for itself");
  }
  under_way_.reset();
  if (const std::exception_ptr failure = step->failure()) std::rethrow_exception(failure);
  return std::move(*std::static_pointer_cast<std::optional<planned_files>>(step->take()));
}

}  // namespace evodb::capi
