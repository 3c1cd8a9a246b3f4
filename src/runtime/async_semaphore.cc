#include "runtime/async_semaphore.h"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/error.h"

namespace evodb {

namespace asio = boost::asio;

namespace {

using waiter = asio::async_result<asio::use_awaitable_t<>, void()>::handler_type;

}  // namespace

task<async_semaphore::permit> async_semaphore::acquire() {
  bool is_cancelled = false;  // of this executor alone
  auto enqueue = [&](waiter handler) {
    const executor home = asio::get_associated_executor(handler);
    asio::cancellation_slot slot = asio::get_associated_cancellation_slot(handler);
    const auto kept = std::make_shared<waiter>(std::move(handler));
    const auto resume =
        std::make_shared<resumption>([home, kept] { asio::post(home, [kept] { std::move (*kept)(); }); });
    {
      const std::lock_guard<std::mutex> held(state_);
      const bool is_free = free_ > 0;
      if (is_free) {
        --free_;
        (*resume)();
      } else {
        ++waits_;
        waiting_.push_back(resume);
      }
    }
    if (!slot.is_connected()) return;
    // The slot is the coroutine's own, and what resumes it owns the coroutine.
    slot.assign([this, &is_cancelled, waits = std::weak_ptr(resume)](asio::cancellation_type) {
      const std::shared_ptr<resumption> own = waits.lock();
      if (!own || !leave(own)) return;  // it has its place
      is_cancelled = true;
      (*own)();
    });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(enqueue, asio::use_awaitable);
  if (is_cancelled) fail(status::CANCELLED, "cancelled");
  co_return permit(this);
}

async_semaphore::permit async_semaphore::acquire_at_once() {
  const std::lock_guard<std::mutex> held(state_);
  if (free_ == 0) fail(status::INTERNAL, "no place is free");
  --free_;
  return permit(this);
}

std::int64_t async_semaphore::waits() const {
  const std::lock_guard<std::mutex> held(state_);
  return waits_;
}

std::size_t async_semaphore::taken() const {
  const std::lock_guard<std::mutex> held(state_);
  return permits_ - free_;
}

/// False if it waits no longer.
bool async_semaphore::leave(const std::shared_ptr<resumption> &one) {
  const std::lock_guard<std::mutex> held(state_);
  return std::erase(waiting_, one) > 0;
}

void async_semaphore::release() {
  std::shared_ptr<resumption> next;
  {
    const std::lock_guard<std::mutex> held(state_);
    if (waiting_.empty()) {
      ++free_;
      return;
    }
    next = std::move(waiting_.front());  // the place goes over
    waiting_.pop_front();
  }
  (*next)();
}

}  // namespace evodb
