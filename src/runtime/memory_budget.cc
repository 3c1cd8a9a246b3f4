#include "runtime/memory_budget.h"

#include <fmt/format.h>

#include "base/error.h"
#include "runtime/weighed_cache.h"

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

memory_budget::memory_budget(std::int64_t limit_bytes, std::optional<std::int64_t> cache_bytes)
    : limit_(limit_bytes), cache_(std::make_unique<weighed_cache>(*this, cache_bytes.value_or(limit_bytes / 4))) {}

memory_budget::~memory_budget() = default;

memory_budget::reservation memory_budget::reserve(std::int64_t bytes) {
  if (bytes < 0) fail(status::INTERNAL, fmt::format("a negative number of bytes was to be reserved: {}", bytes));
  for (;;) {
    if (std::optional<reservation> made = reserve_if_free(bytes)) return std::move(*made);
    const std::int64_t used = in_use();
    if (bytes <= limit_ && cache_->make_room(bytes - (limit_ - used))) continue;
    fail(status::RESOURCE_EXHAUSTED,
         fmt::format("over the memory budget: asked for {} bytes with {} in use of {}", bytes, used, limit_));
  }
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
