#pragma once

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "table/faulty_table.h"

namespace evodb::table_tests {

/// Starts commits that all wait behind a lock of the table's line, and then lets them run.
class queue_of_commits {
 public:
  explicit queue_of_commits(const faulty_table &in) : in_(in), line_(in.tables->find("t")->commits().line()) {
    guard_ = line_.acquire_at_once();
  }

  std::shared_ptr<operation> add(const table &value, const std::optional<idempotency_key> &key = std::nullopt) {
    auto body = [value, key]() -> task<std::shared_ptr<void>> {
      std::optional<idempotency_key> own = key;
      table committed = co_await evodb::commit(value, std::move(own));
      co_return std::make_shared<table>(std::move(committed));
    };
    const std::int64_t before = line_.waits();
    started_.push_back(operation::start(in_.environment, body));
    // Each is in the line before the next one comes.
    while (line_.waits() == before && !started_.back()->is_ready()) std::this_thread::yield();
    return started_.back();
  }

  void run() {
    guard_ = {};
    for (const auto &one : started_) one->wait(-1);
  }

 private:
  const faulty_table &in_;
  async_semaphore &line_;
  async_semaphore::permit guard_;
  std::vector<std::shared_ptr<operation>> started_;
};

inline table result_of(const std::shared_ptr<operation> &one) {
  if (const auto failure = one->failure()) std::rethrow_exception(failure);
  return *std::static_pointer_cast<table>(one->take());
}

}  // namespace evodb::table_tests
