#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

#include "runtime/task.h"

namespace evodb {

/// Mutual exclusion of coroutines, which may live on different executors. First come, first served; waiting is not cut
/// short by cancellation, so what runs under the lock should end by itself.
class async_mutex {
 public:
  /// Holds the lock until destroyed. Movable.
  class guard {
   public:
    guard() = default;
    explicit guard(async_mutex *of) : mutex_(of) {}
    guard(guard &&other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    guard &operator=(guard &&other) noexcept {
      std::swap(mutex_, other.mutex_);
      return *this;
    }
    ~guard() {
      if (mutex_ != nullptr) mutex_->unlock();
    }

   private:
    async_mutex *mutex_ = nullptr;
  };

  /// For nobody else has it yet.
  guard lock_at_once() {
    const std::lock_guard<std::mutex> held(state_);
    is_locked_ = true;
    return guard(this);
  }

  task<guard> lock() {
    auto enqueue = [this](auto handler) {
      auto executor = boost::asio::get_associated_executor(handler);
      auto shared = std::make_shared<decltype(handler)>(std::move(handler));
      auto resume = [executor, shared] { boost::asio::post(executor, [shared] { std::move (*shared)(); }); };
      {
        const std::lock_guard<std::mutex> held(state_);
        if (is_locked_) {
          waiting_.push_back(std::move(resume));
          return;
        }
        is_locked_ = true;
      }
      resume();
    };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(enqueue,
                                                                                       boost::asio::use_awaitable);
    co_return guard(this);
  }

 private:
  void unlock() {
    std::function<void()> next;
    {
      const std::lock_guard<std::mutex> held(state_);
      if (waiting_.empty()) {
        is_locked_ = false;
        return;
      }
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    next();
  }

  std::mutex state_;
  bool is_locked_ = false;
  std::deque<std::function<void()>> waiting_;
};

}  // namespace evodb
