#include "runtime/weighed_cache.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/error.h"

namespace evodb {

/// A caller's place in a flight, which is gone with the last of them.
class weighed_cache::seat {
 public:
  seat(weighed_cache &of, std::string key) : cache_(of), key_(std::move(key)) {
    const std::lock_guard<std::mutex> held(cache_.state_);
    std::shared_ptr<flight> &found = cache_.flights_[key_];
    is_first_ = !found;
    if (is_first_) found = std::make_shared<flight>();
    flight_ = found;
    ++flight_->callers;
    if (is_first_) turn_ = flight_->turn.acquire_at_once();
  }
  seat(const seat &) = delete;
  seat &operator=(const seat &) = delete;
  ~seat() {
    const std::lock_guard<std::mutex> held(cache_.state_);
    if (--flight_->callers == 0) cache_.flights_.erase(key_);
  }

  task<> wait_for_turn() {
    if (!is_first_) turn_ = co_await flight_->turn.acquire();
  }
  std::shared_ptr<const void> &value() noexcept { return flight_->value; }

 private:
  weighed_cache &cache_;
  const std::string key_;
  std::shared_ptr<flight> flight_;
  bool is_first_ = false;
  async_semaphore::permit turn_;  // goes before the flight does
};

task<std::shared_ptr<const void>> weighed_cache::get(std::string key, loader load) {
  std::optional<seat> own;
  if (limit_ > 0) {
    if (std::shared_ptr<const void> kept = find(key)) co_return kept;
    own.emplace(*this, key);
    co_await own->wait_for_turn();
    if (own->value()) {
      hits_.fetch_add(1, std::memory_order_relaxed);
      co_return own->value();
    }
    if (std::shared_ptr<const void> kept = find(key))
      co_return kept;  // the flight before this one has landed meanwhile
  }
  misses_.fetch_add(1, std::memory_order_relaxed);
  weighed loaded = co_await load();
  if (own) {
    own->value() = loaded.value;
    put(std::move(key), loaded);
  }
  co_return std::move(loaded.value);
}

std::shared_ptr<const void> weighed_cache::find(const std::string &key) {
  std::shared_ptr<const void> found = peek(key);
  if (found) hits_.fetch_add(1, std::memory_order_relaxed);
  return found;
}

std::shared_ptr<const void> weighed_cache::peek(const std::string &key) {
  const std::lock_guard<std::mutex> held(state_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found->second);
  return found->second->value;
}

void weighed_cache::put(std::string key, weighed what) {
  const std::int64_t bytes = what.bytes + 2 * static_cast<std::int64_t>(key.size() + sizeof(entry));
  if (bytes > limit_) return;
  entries dropped;  // destroyed without the lock
  const std::lock_guard<std::mutex> held(state_);
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    kept_.splice(kept_.end(), kept_, known->second);
    drop_last(dropped);
  }
  while (bytes_ + bytes > limit_) drop_last(dropped);
  std::optional<memory_budget::reservation> room = budget_.reserve_if_free(bytes);
  while (!room && !kept_.empty()) {
    drop_last(dropped);
    room = budget_.reserve_if_free(bytes);
  }
  if (!room) return;
  kept_.push_front({key, std::move(what.value), std::move(*room)});
  by_key_.emplace(std::move(key), kept_.begin());
  bytes_ += bytes;
}

void weighed_cache::drop_last(entries &dropped) {
  entry &last = kept_.back();
  bytes_ -= last.held.bytes();
  last.held.release();
  by_key_.erase(last.key);
  dropped.splice(dropped.end(), kept_, std::prev(kept_.end()));
}

bool weighed_cache::make_room(std::int64_t bytes) {
  entries dropped;
  const std::lock_guard<std::mutex> held(state_);
  while (!kept_.empty() && budget_.limit() - budget_.in_use() < bytes) drop_last(dropped);
  return !dropped.empty();
}

std::int64_t weighed_cache::bytes() const {
  const std::lock_guard<std::mutex> held(state_);
  return bytes_;
}

/// What of a budget needs its cache is here, since a cache is made of reservations.
memory_budget::memory_budget(std::int64_t limit_bytes, std::optional<std::int64_t> cache_bytes)
    : limit_(limit_bytes), cache_(std::make_unique<weighed_cache>(*this, cache_bytes.value_or(limit_bytes / 4))) {}

memory_budget::~memory_budget() = default;

memory_budget::reservation memory_budget::reserve(std::int64_t bytes) {
  if (bytes < 0) fail(status::INTERNAL, fmt::format("a negative number of bytes was to be reserved: {}", bytes));
  std::optional<reservation> made = reserve_if_free(bytes);
  while (!made && bytes <= limit_ && cache_->make_room(bytes)) made = reserve_if_free(bytes);
  if (!made) made = reserve_if_free(bytes);  // another thread may have made room
  if (made) return std::move(*made);
  fail(status::RESOURCE_EXHAUSTED,
       fmt::format("over the memory budget: asked for {} bytes with {} in use of {}", bytes, in_use(), limit_));
}

}  // namespace evodb
