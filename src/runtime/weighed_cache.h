#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "runtime/async_semaphore.h"
#include "runtime/memory_budget.h"
#include "runtime/task.h"

namespace evodb {

/// Immutable values that can be had again, kept by the bytes that they take: those that were not used for longest go first.
/// What it keeps is reserved in the budget, and goes where a reservation would fail otherwise. A value that is dropped lives
/// on with those that use it. No thread of its own; any thread may call.
class weighed_cache {
 public:
  /// `limit_bytes` 0: nothing is kept, and every value is loaded for its caller alone.
  weighed_cache(memory_budget &budget, std::int64_t limit_bytes) : budget_(budget), limit_(limit_bytes) {}

  struct weighed {
    std::shared_ptr<const void> value;
    std::int64_t bytes = 0;
  };
  using loader = std::function<task<weighed>()>;

  /// What is kept under the key, or else what `load` gives. Of several callers at a time one loads, and the others wait for
  /// it; where it fails or is cancelled, that is its own failure, and the next one loads.
  task<std::shared_ptr<const void>> get(std::string key, loader load);
  /// Null if nothing is kept under the key. Counts a hit, but no miss.
  std::shared_ptr<const void> find(const std::string &key);
  /// As find, of what is no value by itself but helps to make one: counts nothing.
  std::shared_ptr<const void> peek(const std::string &key);
  /// Keeps the value, in the place of another one under the key, if there is room for it.
  void put(std::string key, weighed what);

  /// Drops values until so many bytes are free in the budget. False where it dropped none.
  bool make_room(std::int64_t bytes);

  std::int64_t limit() const noexcept { return limit_; }
  std::int64_t hits() const noexcept { return hits_.load(std::memory_order_relaxed); }
  std::int64_t misses() const noexcept { return misses_.load(std::memory_order_relaxed); }  ///< values that were loaded
  std::int64_t bytes() const;                                                               ///< kept now

 private:
  struct entry {
    std::string key;
    std::shared_ptr<const void> value;
    memory_budget::reservation held;
  };
  using entries = std::list<entry>;

  /// The loading of one value.
  struct flight {
    async_semaphore turn{1};
    std::shared_ptr<const void> value;  ///< of the one whose turn it is
    std::size_t callers = 0;            ///< with the cache's lock held
  };
  class seat;

  void drop_last(entries &dropped);

  memory_budget &budget_;
  const std::int64_t limit_;
  std::atomic<std::int64_t> hits_{0};
  std::atomic<std::int64_t> misses_{0};

  mutable std::mutex state_;  ///< of all below
  entries kept_;              ///< the last one used is the first
  std::unordered_map<std::string, entries::iterator> by_key_;
  std::unordered_map<std::string, std::shared_ptr<flight>> flights_;
  std::int64_t bytes_ = 0;
};

}  // namespace evodb
