#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/runtime.h"

namespace evodb::simulation {

/// Which process a piece of work belongs to; 0 is what no crash reaches: the store and the network.
using process_id = int;

/// One thread, virtual time, and a seed that chooses what runs next among all that is ready. Time stands still while
/// anything is ready, and then jumps to the next timer.
class world {
 public:
  explicit world(std::uint64_t seed) : random_(seed) {}
  world(const world &) = delete;
  world &operator=(const world &) = delete;
  ~world() { drop_everything(); }

  steady_time now() const noexcept { return now_; }
  /// The true time, epoch milliseconds.
  std::int64_t now_ms() const;

  std::uint64_t random() { return random_(); }
  /// Evenly among 0 … below - 1.
  std::int64_t below(std::int64_t limit);
  /// Whether something of that probability happens.
  bool chance(double probability);
  /// Between the two, evenly by order of magnitude: short ones are as likely as long ones.
  std::chrono::nanoseconds between(std::chrono::nanoseconds least, std::chrono::nanoseconds most);

  void post(process_id of, std::function<void()> work);
  void after(std::chrono::nanoseconds pause, process_id of, std::function<void()> work);

  /// Keeps what wakes a coroutine that waits at a place, so that the coroutine, which owns the place, need not own itself.
  void park(const void *place, std::function<void()> wake) { parked_.insert_or_assign(place, std::move(wake)); }
  /// Wakes who waits there, if anybody does.
  void wake_at(const void *place);

  /// Runs one piece of work; false when there is none left.
  bool step();
  /// Drops all work of the process, now and whatever it still posts.
  void kill(process_id of);
  /// Nothing of the process runs until then.
  void stall(process_id of, std::chrono::nanoseconds pause);
  /// Whether it is work of that process that runs now.
  bool runs(process_id of) const noexcept { return running_ == of; }
  bool is_alive(process_id of) const { return !dead_.contains(of); }
  process_id new_process() { return ++last_process_; }
  void drop_everything();

  /// Adds a line to the story; only where it is read.
  template <typename Tell>
  void tell(process_id of, Tell words) {
    if (is_told_) add_line(of, words());
  }
  void tell_the_story() { is_told_ = true; }
  const std::vector<std::string> &story() const noexcept { return story_; }

 private:
  struct work {
    process_id of;
    std::function<void()> run;
  };

  bool is_stalled(process_id of) const;
  void bury();
  void add_line(process_id of, const std::string &words);

  std::mt19937_64 random_;
  steady_time now_{};
  std::vector<work> ready_;
  std::multimap<steady_time, std::pair<process_id, std::function<void()>>> sleeping_;
  std::map<const void *, std::function<void()>> parked_;
  std::map<process_id, steady_time> stalled_until_;
  std::set<process_id> dead_;
  process_id last_process_ = 0;
  process_id running_ = 0;
  std::vector<std::function<void()>> graveyard_;  ///< work of the dead, to be destroyed
  bool is_told_ = false;
  std::vector<std::string> story_;
};

}  // namespace evodb::simulation
