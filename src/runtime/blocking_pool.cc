#include "runtime/blocking_pool.h"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "base/error.h"
#include "runtime/signal_blocked_thread.h"

namespace evodb {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t most_substitutes = 64;

}  // namespace

/// Belongs to the pool and to each of its threads.
struct blocking_pool::state : std::enable_shared_from_this<state> {
  state(int threads, std::chrono::nanoseconds patience)
      : regular(static_cast<std::size_t>(threads)), hung_after(patience) {}

  const std::size_t
      regular;  ///< how many threads there are as long as nothing hangs, but for one substitute that waits
  const std::chrono::nanoseconds hung_after;
  std::mutex mutex;  ///< over all that follows
  std::condition_variable changed;
  std::deque<std::function<void()>> queue;
  std::multiset<clock::time_point> begun;  ///< of the calls that run
  std::size_t threads = 0;
  std::size_t substitutes = 0;
  bool has_waiting_substitute = false;
  bool is_closed = false;

  void add_thread(const std::string &name, void (state::*body)(std::unique_lock<std::mutex> &)) {
    const auto run = [self = shared_from_this(), body] {
      std::unique_lock<std::mutex> held(self->mutex);
      (*self.*body)(held);
      --self->threads;
      self->changed.notify_all();
    };
    start_signal_blocked_thread(name, run).detach();
    ++threads;
  }

  void add_substitute() {
    if (has_waiting_substitute || substitutes == most_substitutes) return;
    add_thread("evodb-block+", &state::come_in);
    ++substitutes;
    has_waiting_substitute = true;
  }

  void work(std::unique_lock<std::mutex> &held) {
    while (!is_closed) {
      if (queue.empty()) {
        changed.wait(held);
      } else {
        run_first(held);
      }
    }
  }

  void come_in(std::unique_lock<std::mutex> &held) {
    while (!is_closed) {
      if (queue.empty() || begun.size() < regular) {
        changed.wait(held);
        continue;
      }
      // The call that has run longest of those that count.
      const clock::time_point turn = *std::next(begun.rbegin(), static_cast<std::ptrdiff_t>(regular) - 1) + hung_after;
      if (clock::now() < turn) {
        changed.wait_until(held, turn);
        continue;
      }
      has_waiting_substitute = false;
      try {
        add_substitute();
      } catch (const error &) {
        // This one comes back when its call ends.
      }
      run_first(held);
      if (has_waiting_substitute) break;
      has_waiting_substitute = true;
    }
    --substitutes;
  }

  void run_first(std::unique_lock<std::mutex> &held) {
    std::function<void()> call = std::move(queue.front());
    queue.pop_front();
    const auto here = begun.insert(clock::now());
    if (!queue.empty()) changed.notify_all();  // a substitute may have its turn to wait for now
    held.unlock();
    call();
    call = nullptr;  // what it owns is destroyed here, too
    held.lock();
    begun.erase(here);
  }
};

blocking_pool::blocking_pool(int threads, std::chrono::nanoseconds hung_after)
    : state_(std::make_shared<state>(threads, hung_after)) {
  try {
    const std::lock_guard<std::mutex> held(state_->mutex);
    for (int i = 0; i < threads; ++i) state_->add_thread(fmt::format("evodb-block-{}", i), &state::work);
    state_->add_substitute();
  } catch (...) {
    close();
    throw;
  }
}

blocking_pool::~blocking_pool() {
  close();
}

void blocking_pool::close() {
  std::deque<std::function<void()>> dropped;  // without the mutex
  std::unique_lock<std::mutex> held(state_->mutex);
  state_->is_closed = true;
  state_->queue.swap(dropped);
  state_->changed.notify_all();
  state_->changed.wait(held, [this] { return state_->threads == state_->begun.size(); });
  held.unlock();
}

void blocking_pool::start(std::function<void()> work) {
  const std::lock_guard<std::mutex> held(state_->mutex);
  state_->queue.push_back(std::move(work));
  state_->changed.notify_all();
}

}  // namespace evodb
