#include "table/scan/blocking_scan.h"

#include <utility>

namespace evodb {

blocking_scan::blocking_scan(std::shared_ptr<const plan> over, bool explains)
    : environment_(over->context()->storage()->runtime()),
      walk_(std::make_shared<scan_stream>(std::move(over), explains)) {}

blocking_scan::~blocking_scan() {
  if (under_way_) under_way_->cancel();  // the step keeps what it needs alive until it has ended
}

bool blocking_scan::ends_with_cancellation() const {
  return is_cancelled_ && !is_ended_;
}

void blocking_scan::refuse_if_cancelled() const {
  const std::lock_guard held(state_);
  if (ends_with_cancellation()) fail(status::CANCELLED, "cancelled");
}

bool blocking_scan::is_broken() const {
  if (environment_->forked()) return true;
  const std::lock_guard held(state_);
  return failure_ || ends_with_cancellation();
}

/// What it fails with, the next step meets again.
bool blocking_scan::has_ready() const {
  try {
    if (!walk_->is_ready()) walk_->collect();
  } catch (...) {
    return false;
  }
  return walk_->is_ready();
}

std::shared_ptr<operation> blocking_scan::fetch(bool has_rows) {
  const std::lock_guard held(state_);
  if (failure_) return operation::failed(environment_, failure_);
  if (under_way_) return under_way_;
  if (ends_with_cancellation()) {
    return operation::failed(environment_, std::make_exception_ptr(error(status::CANCELLED, "cancelled")));
  }
  if (has_rows || has_ready() || walk_->is_at_end()) return operation::done(environment_);
  auto read_on = [walk = walk_]() -> task<std::shared_ptr<void>> {
    co_await walk->advance();
    co_return nullptr;
  };
  under_way_ = operation::start(environment_, std::move(read_on), "evodb_plan files");
  return under_way_;
}

bool blocking_scan::advance() {
  {
    const std::lock_guard held(state_);
    if (!under_way_ && has_ready()) return true;
  }
  const std::shared_ptr<operation> reading = fetch(false);
  if (reading->wait(-1) == operation::wait_result::would_deadlock) {
    fail(status::WOULD_DEADLOCK, "waiting inside a callback would wait for itself");
  }
  {
    const std::lock_guard held(state_);
    under_way_.reset();
  }
  if (const std::exception_ptr failure = reading->failure()) std::rethrow_exception(failure);
  is_ended_ = walk_->is_at_end();
  return !is_ended_;
}

std::int64_t blocking_scan::ready_count() const {
  const std::lock_guard held(state_);
  if (under_way_ && (!under_way_->is_ready() || under_way_->failure())) return 0;
  return has_ready() ? walk_->ready_count() : 0;
}

void blocking_scan::cancel() {
  if (environment_->forked()) return;  // its lock may be held for ever
  std::shared_ptr<operation> running;
  {
    const std::lock_guard held(state_);
    is_cancelled_ = true;
    running = under_way_;
  }
  if (running) running->cancel();
}

}  // namespace evodb
