#include "runtime/background_work.h"

#include <utility>

#include "runtime/operation.h"

namespace evodb {
namespace {

/// Locked until this is gone.
struct locked_gate {
  std::shared_ptr<async_semaphore> gate = std::make_shared<async_semaphore>(1);
  async_semaphore::permit held = gate->acquire_at_once();
};

}  // namespace

void background_work::start(std::shared_ptr<runtime> environment, std::function<task<>()> body, std::string name) {
  const auto until_the_end = std::make_shared<locked_gate>();
  {
    const std::lock_guard<std::mutex> lock(state_);
    std::erase_if(running_, [](const auto &one) { return one.expired(); });
    running_.push_back(until_the_end->gate);
  }
  auto run = [until_the_end, body = std::move(body)]() -> task<std::shared_ptr<void>> {
    co_await body();
    co_return nullptr;
  };
  operation::start_in_background(std::move(environment), std::move(run), std::move(name));
}

task<> background_work::finish() {
  std::vector<std::weak_ptr<async_semaphore>> all;
  {
    const std::lock_guard<std::mutex> lock(state_);
    all = running_;
  }
  for (const std::weak_ptr<async_semaphore> &one : all) {
    const std::shared_ptr<async_semaphore> gate = one.lock();
    if (gate) co_await gate->acquire();
  }
}

}  // namespace evodb
