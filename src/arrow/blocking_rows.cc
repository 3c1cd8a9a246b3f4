#include "arrow/blocking_rows.h"

#include <utility>

#include "base/error.h"

namespace evodb {

blocking_rows::blocking_rows(std::shared_ptr<const row_set> over) : over_(std::move(over)), source_(over_->open()) {}

blocking_rows::~blocking_rows() {
  if (under_way_) under_way_->cancel();  // it keeps what it needs alive until it has ended
}

void blocking_rows::end_if_cancelled() {
  if (is_cancelled_ && !is_ended_ && !failure_)
    failure_ = std::make_exception_ptr(error(status::CANCELLED, "cancelled"));
}

std::shared_ptr<operation> blocking_rows::fetch() {
  const std::lock_guard<std::mutex> held(state_);
  if (under_way_) return under_way_;
  end_if_cancelled();
  if (failure_) return operation::failed(over_->environment, failure_);
  if (is_ended_) return operation::done(over_->environment);
  auto read_on = [source = source_]() -> task<std::shared_ptr<void>> {
    std::optional<export_batch> rows = co_await source->next();
    co_return std::make_shared<std::optional<export_batch>>(std::move(rows));
  };
  under_way_ = operation::start(over_->environment, std::move(read_on), "evodb_rows");
  return under_way_;
}

void blocking_rows::check() {
  const std::lock_guard<std::mutex> held(state_);
  end_if_cancelled();
  if (failure_) std::rethrow_exception(failure_);
}

std::optional<export_batch> blocking_rows::next() {
  check();
  if (is_ended_) return std::nullopt;
  const std::shared_ptr<operation> reading = fetch();
  if (reading->wait(-1) == operation::wait_result::would_deadlock) {
    fail(status::WOULD_DEADLOCK, "waiting inside a callback would wait for itself");
  }
  const std::lock_guard<std::mutex> held(state_);
  under_way_.reset();
  failure_ = reading->failure();
  end_if_cancelled();
  if (failure_) std::rethrow_exception(failure_);
  auto rows = std::static_pointer_cast<std::optional<export_batch>>(reading->take());
  is_ended_ = !rows->has_value();
  return std::move(*rows);
}

void blocking_rows::cancel() {
  if (over_->environment->forked()) return;  // its lock may be held for ever
  std::shared_ptr<operation> running;
  {
    const std::lock_guard<std::mutex> held(state_);
    is_cancelled_ = true;
    running = under_way_;
  }
  if (running) running->cancel();
}

}  // namespace evodb
