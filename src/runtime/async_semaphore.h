#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "runtime/task.h"

namespace evodb {

/// Lets so many coroutines in at a time, which may live on different executors; with one permit it excludes all others.
/// First come, first served. Any thread.
class async_semaphore {
 public:
  explicit async_semaphore(std::size_t permits) : permits_(permits), free_(permits) {}

  /// Keeps the place until destroyed. Movable.
  class permit {
   public:
    permit() = default;
    explicit permit(async_semaphore *of) : semaphore_(of) {}
    permit(permit &&other) noexcept : semaphore_(std::exchange(other.semaphore_, nullptr)) {}
    permit &operator=(permit &&other) noexcept {
      std::swap(semaphore_, other.semaphore_);
      return *this;
    }
    ~permit() {
      if (semaphore_ != nullptr) semaphore_->release();
    }

   private:
    async_semaphore *semaphore_ = nullptr;
  };

  /// Waits for a place, if only until what is ready on the caller's executor has run. Ends with CANCELLED when the
  /// operation is cancelled, unless it ignores that.
  task<permit> acquire();
  /// For where none waits yet and there is a place.
  permit acquire_at_once();

  /// How many had to wait so far.
  std::int64_t waits() const;
  /// How many places are taken.
  std::size_t taken() const;

 private:
  using resumption = std::function<void()>;

  void release();
  bool leave(const std::shared_ptr<resumption> &one);

  const std::size_t permits_;
  mutable std::mutex state_;
  std::size_t free_;
  std::int64_t waits_ = 0;
  std::deque<std::shared_ptr<resumption>> waiting_;
};

}  // namespace evodb
