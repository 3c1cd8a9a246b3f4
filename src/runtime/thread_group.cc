#include "runtime/thread_group.h"

#include <fmt/format.h>

#include "runtime/signal_blocked_thread.h"

namespace evodb {
namespace {

thread_local const void *owner_here = nullptr;

}  // namespace

const void *thread_group::owner_of_this_thread() noexcept {
  return owner_here;
}

thread_group::thread_group(const std::string &name, int threads, const void *owner)
    : context_(threads), work_(context_.get_executor()) {
  const auto run = [this, owner] {
    owner_here = owner;
    context_.run();
  };
  try {
    for (int i = 0; i < threads; ++i)
      threads_.push_back(start_signal_blocked_thread(fmt::format("{}-{}", name, i), run));
  } catch (...) {
    stop();
    throw;
  }
}

void thread_group::stop() {
  context_.stop();
  for (std::thread &thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace evodb
