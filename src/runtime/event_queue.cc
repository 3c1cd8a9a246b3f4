#include "runtime/event_queue.h"

#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

namespace evodb {

event_queue::event_queue(executor on, log_level highest, std::function<void(const event &)> deliver)
    : on_(std::move(on)), highest_(highest), deliver_(std::move(deliver)) {}

void event_queue::take(event one) noexcept {
  const std::lock_guard<std::mutex> held(state_);
  try {
    if (waiting_.size() >= most_waiting) {
      ++dropped_;
      return;
    }
    if (const std::size_t dropped = std::exchange(dropped_, 0); dropped > 0) {
      event gap;
      gap.level = log_level::warning;
      gap.name = "events were dropped: the callback that takes them is too slow";
      gap.time_ns = one.time_ns;
      gap.attributes.emplace_back("evodb.events.dropped", std::to_string(dropped));
      waiting_.push_back(std::move(gap));
    }
    waiting_.push_back(std::move(one));
    if (is_posted_) return;
    boost::asio::post(on_, [this] { deliver_all(); });
    is_posted_ = true;
  } catch (const std::exception &) {
    ++dropped_;  // there is no memory for it
  }
}

void event_queue::deliver_all() noexcept {
  const std::lock_guard<std::mutex> in_turn(delivering_);
  while (deliver_next()) continue;
}

/// False if none waits.
bool event_queue::deliver_next() {
  event next;
  {
    const std::lock_guard<std::mutex> held(state_);
    is_posted_ = !waiting_.empty();
    if (!is_posted_) return false;
    next = std::move(waiting_.front());
    waiting_.pop_front();
  }
  deliver_(next);
  return true;
}

}  // namespace evodb
