#include "simulation/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace evodb::simulation {
namespace {

constexpr std::int64_t first_moment_ms = 1'800'000'000'000;  // 2027-01-15

}  // namespace

std::int64_t world::now_ms() const {
  return first_moment_ms + std::chrono::duration_cast<std::chrono::milliseconds>(now_.time_since_epoch()).count();
}

// Written out, since the standard library's distributions differ between its versions and a seed must repeat.
std::int64_t world::below(std::int64_t limit) {
  return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
}

bool world::chance(double probability) {
  return static_cast<double>(random_() >> 11) * 0x1p-53 < probability;
}

std::chrono::nanoseconds world::between(std::chrono::nanoseconds least, std::chrono::nanoseconds most) {
  const double even = static_cast<double>(random_() >> 11) * 0x1p-53;
  const double chosen =
      static_cast<double>(least.count()) *
      std::exp(even * std::log(static_cast<double>(most.count()) / static_cast<double>(least.count())));
  return std::chrono::nanoseconds(static_cast<std::int64_t>(chosen));
}

void world::post(process_id of, std::function<void()> work) {
  if (is_alive(of)) {
    ready_.push_back({of, std::move(work)});
  } else {
    graveyard_.push_back(std::move(work));
  }
}

void world::after(std::chrono::nanoseconds pause, process_id of, std::function<void()> work) {
  if (is_alive(of)) {
    sleeping_.emplace(now_ + pause, std::pair(of, std::move(work)));
  } else {
    graveyard_.push_back(std::move(work));
  }
}

/// Never from within post: what is destroyed may be in the midst of posting.
void world::bury() {
  while (!graveyard_.empty()) const auto dropped = std::exchange(graveyard_, {});
}

bool world::is_stalled(process_id of) const {
  const auto found = stalled_until_.find(of);
  return found != stalled_until_.end() && now_ < found->second;
}

bool world::step() {
  for (;;) {
    std::vector<std::size_t> can_run;
    for (std::size_t i = 0; i < ready_.size(); ++i) {
      if (!is_stalled(ready_[i].of)) can_run.push_back(i);
    }
    if (!can_run.empty()) {
      const std::size_t chosen = can_run[static_cast<std::size_t>(below(static_cast<std::int64_t>(can_run.size())))];
      const work next = std::move(ready_[chosen]);
      ready_.erase(ready_.begin() + static_cast<std::ptrdiff_t>(chosen));
      running_ = next.of;
      next.run();
      running_ = 0;
      bury();
      return true;
    }
    steady_time next = steady_time::max();
    if (!sleeping_.empty()) next = sleeping_.begin()->first;
    for (const work &waiting : ready_) next = std::min(next, stalled_until_.at(waiting.of));
    if (next == steady_time::max()) return false;
    now_ = std::max(now_, next);
    while (!sleeping_.empty() && sleeping_.begin()->first <= now_) {
      auto [of, work] = std::move(sleeping_.begin()->second);
      sleeping_.erase(sleeping_.begin());
      post(of, std::move(work));
    }
  }
}

void world::kill(process_id of) {
  tell(of, [] { return "crashes"; });
  dead_.insert(of);
  for (work &one : ready_) {
    if (one.of == of) graveyard_.push_back(std::move(one.run));
  }
  std::erase_if(ready_, [&](const work &one) { return one.of == of; });
  for (auto &[when, one] : sleeping_) {
    if (one.first == of) graveyard_.push_back(std::move(one.second));
  }
  std::erase_if(sleeping_, [&](const auto &timer) { return timer.second.first == of; });
  bury();
}

void world::stall(process_id of, std::chrono::nanoseconds pause) {
  tell(of, [&] { return fmt::format("stalls for {} s", pause / std::chrono::seconds(1)); });
  stalled_until_[of] = now_ + pause;
}

void world::wake_at(const void *place) {
  const auto found = parked_.find(place);
  if (found == parked_.end()) return;
  const std::function<void()> wake = std::move(found->second);
  parked_.erase(found);
  wake();
}

void world::drop_everything() {
  while (!ready_.empty() || !sleeping_.empty() || !parked_.empty() || !graveyard_.empty()) {
    const auto ready = std::exchange(ready_, {});
    const auto sleeping = std::exchange(sleeping_, {});
    const auto parked = std::exchange(parked_, {});
    bury();
  }
}

void world::add_line(process_id of, const std::string &words) {
  const double seconds = std::chrono::duration<double>(now_.time_since_epoch()).count();
  const std::string who = of == 0 ? "store" : fmt::format("process {}", of);
  story_.push_back(fmt::format("{:14.3f} s  {:<10}  {}", seconds, who, words));
}

}  // namespace evodb::simulation
