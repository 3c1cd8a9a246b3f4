#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

#include "runtime/event.h"
#include "runtime/task.h"

namespace evodb {

/// Tells events one at a time, in their order, on one executor. So many may wait; what comes on top of them is dropped,
/// and a record says how many were, once there is room.
class event_queue final : public event_sink {
 public:
  static constexpr std::size_t most_waiting = 4096;

  event_queue(executor on, log_level highest, std::function<void(const event &)> deliver);

  void take(event one) noexcept override;
  log_level highest_level() const noexcept override { return highest_; }

  /// Delivers what waits, on the calling thread, after what is being delivered.
  void deliver_all() noexcept;

 private:
  bool deliver_next();

  const executor on_;
  const log_level highest_;
  const std::function<void(const event &)> deliver_;
  std::mutex delivering_;  ///< held while one is delivered, and before the other
  std::mutex state_;
  std::deque<event> waiting_;
  std::size_t dropped_ = 0;
  bool is_posted_ = false;
};

}  // namespace evodb
