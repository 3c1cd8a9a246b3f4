#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace evodb {

class weighed_cache;

/// Counts the bytes of large buffers (read objects, inflated blocks, decoded columns) against a limit. What is free may be
/// used by a cache, which gives way. Any thread.
class memory_budget {
 public:
  /// The cache takes a quarter of the limit at most, or as much as is said.
  explicit memory_budget(std::int64_t limit_bytes, std::optional<std::int64_t> cache_bytes = std::nullopt);
  memory_budget(const memory_budget &) = delete;
  memory_budget &operator=(const memory_budget &) = delete;
  ~memory_budget();

  /// Holds some bytes of the budget until destroyed. Movable.
  class reservation {
   public:
    reservation() = default;
    reservation(reservation &&other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
    reservation &operator=(reservation &&other) noexcept;
    ~reservation() { release(); }
    std::int64_t bytes() const noexcept { return bytes_; }
    void release() noexcept;

   private:
    friend class memory_budget;
    reservation(memory_budget *budget, std::int64_t bytes) : budget_(budget), bytes_(bytes) {}
    memory_budget *budget_ = nullptr;
    std::int64_t bytes_ = 0;
  };

  /// Throws RESOURCE_EXHAUSTED naming the bytes asked for, in use and allowed. A negative count is INTERNAL.
  reservation reserve(std::int64_t bytes);
  /// The same, but nothing where it would pass the limit; and the cache keeps what it has.
  std::optional<reservation> reserve_if_free(std::int64_t bytes);
  weighed_cache &cache() noexcept { return *cache_; }
  std::int64_t in_use() const noexcept { return in_use_.load(std::memory_order_relaxed); }
  std::int64_t limit() const noexcept { return limit_; }
  std::int64_t reserved_in_total() const noexcept {
    return total_.load(std::memory_order_relaxed);
  }  ///< ever, for tests that count

 private:
  std::int64_t limit_;
  std::atomic<std::int64_t> in_use_{0};
  std::atomic<std::int64_t> total_{0};
  const std::unique_ptr<weighed_cache> cache_;  // has reservations: goes first
};

}  // namespace evodb
