#include "runtime/memory_budget.h"

namespace evodb {

memory_budget::reservation &memory_budget::reservation::operator=(reservation &&other) noexcept {
  if (this != &other) {
    release();
    budget_ = std::exchange(other.budget_, nullptr);
    bytes_ = std::exchange(other.bytes_, 0);
  }
  return *this;
}

void memory_budget::reservation::release() noexcept {
  if (budget_) budget_->in_use_.fetch_sub(bytes_, std::memory_order_relaxed);
  budget_ = nullptr;
  bytes_ = 0;
}

std::optional<memory_budget::reservation> memory_budget::reserve_if_free(std::int64_t bytes) {
  std::int64_t used = in_use_.load(std::memory_order_relaxed);
  do {
    if (bytes > limit_ - used) return std::nullopt;
  } while (!in_use_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
  total_.fetch_add(bytes, std::memory_order_relaxed);
  return reservation(this, bytes);
}

}  // namespace evodb
