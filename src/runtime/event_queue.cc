#include "runtime/event_queue.h"

#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

namespace evodb {

event_queue::event_queue(executor on, log_level highest, std::function<void(const event &)> tell)
    : on_(std::move(on)), highest_(highest), tell_(std::move(tell)) {}

void event_queue::take(event told) noexcept {
  const std::lock_guard<std::mutex> held(state_);
  try {
    if (waiting_.size() >= most_waiting) {
      ++dropped_;
      return;
    }
    if (const std::size_t dropped = std::exchange(dropped_, 0); dropped > 0) {
      event gap;
      gap.level = log_level::warning;
      gap.name = "events were dropped: whoever is told of them takes too long";
      gap.time_ns = told.time_ns;
      gap.attributes.emplace_back("evodb.events.dropped", std::to_string(dropped));
      waiting_.push_back(std::move(gap));
    }
    waiting_.push_back(std::move(told));
    if (is_posted_) return;
    boost::asio::post(on_, [this] { tell_all(); });
    is_posted_ = true;
  } catch (const std::exception &) {
    ++dropped_;  // there is no memory for it
  }
}

void event_queue::tell_all() noexcept {
  const std::lock_guard<std::mutex> in_turn(telling_);
  while (tell_next()) continue;
}

/// False if none waits.
bool event_queue::tell_next() {
  event next;
  {
    const std::lock_guard<std::mutex> held(state_);
    is_posted_ = !waiting_.empty();
    if (!is_posted_) return false;
    next = std::move(waiting_.front());
    waiting_.pop_front();
  }
  tell_(next);
  return true;
}

}  // namespace evodb
