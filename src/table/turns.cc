#include "table/turns.h"

#include <algorithm>
#include <utility>

namespace evodb {
namespace {

/// Where fewer are remembered, a writer that has just won takes itself to be alone.
constexpr double fewest_rivals = 0.5;
/// So many look without a pause, since it is their turn soon.
constexpr double near = 4;
/// What remains of a rival that is not seen, with each version.
constexpr double memory_of_rivals = 0.93;
/// What remains of the last one, each time that it makes nothing though it is its turn.
constexpr double memory_of_the_last = 0.75;
/// A pause is shorter than until its writer's turn, since the next versions may come faster.
constexpr double share_of_the_wait = 0.3;
constexpr double longest_pause = 8;  ///< intervals between versions
/// How long it takes until others see what a rival makes whose turn it is: it sees the version before, reads and writes a
/// manifest list, and fills the slot.
constexpr double looks_of_a_turn = 5;
/// Longer ones are not between rivals, but those of a table without commits for a while.
constexpr int longest_interval_in_looks = 8;
constexpr std::int64_t versions_until_overlooked = 3;
constexpr std::int64_t most_rivals = 1000;

std::chrono::nanoseconds times(std::chrono::nanoseconds one, double count) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(static_cast<double>(one.count()) * count));
}

/// The share of rivals that are remembered after so many versions.
double remembered_after(std::int64_t versions) {
  double share = 1;
  for (; versions > 0 && share > 0.01; --versions) share *= memory_of_rivals;
  return versions > 0 ? 0 : share;
}

}  // namespace

void turns::begin(steady_time now) {
  const std::lock_guard<std::mutex> held(state_);
  begun_at_ = newest_ != 0 && now - looked_at_ <= look_ / 2 ? newest_ : 0;  // at once after the last commit
  if (now - looked_at_ > times(interval(), longest_pause)) rivals_ = 0;
}

void turns::see(std::int64_t version, std::int64_t waited, steady_time now) {
  const std::lock_guard<std::mutex> held(state_);
  if (newest_ == 0 || version < newest_) {  // what the first one says may be of long ago; or the table was made anew
    newest_ = begun_at_ = version;
    newest_since_ = now;
    rivals_ = 0;
  }
  if (begun_at_ == 0) begun_at_ = version;
  if (version > newest_) {
    const std::int64_t made = version - newest_;
    // What one writer makes alone says nothing of how many wait.
    if (waited == 0) begun_at_ = std::max(begun_at_, version - versions_until_overlooked);
    const auto each = (now - newest_since_) / made;
    interval_ = interval_.count() == 0 ? each : (3 * interval_ + each) / 4;
    const std::int64_t longest_wait = std::max(waited, version - 1 - begun_at_);  // its writer's, or one's own
    rivals_ = std::max(rivals_ * remembered_after(made),
                       static_cast<double>(std::clamp<std::int64_t>(longest_wait, 0, most_rivals)));
    newest_ = version;
    newest_since_ = now;
    has_waited_ = waited > 0;
  }
  looked_at_ = now;
}

void turns::measure(std::chrono::nanoseconds look) {
  const std::lock_guard<std::mutex> held(state_);
  look_ = look_.count() == 0 ? look : std::min(look, look_ + look_ / 8);
}

void turns::expect_rival() {
  const std::lock_guard<std::mutex> held(state_);
  rivals_ = std::max(rivals_, near);
}

bool turns::is_overlooked() const {
  const std::lock_guard<std::mutex> held(state_);
  return begun_at_ != 0 && newest_ - begun_at_ >= versions_until_overlooked && !has_waited_;
}

std::chrono::nanoseconds turns::interval() const {
  return std::clamp(interval_, look_, longest_interval_in_looks * look_);
}

double turns::rivals_before() const {
  return rivals_ - static_cast<double>(begun_at_ == 0 ? 0 : newest_ - begun_at_);
}

/// Where those before it make nothing, the more they are, the later, so that not all who wait try at once. They may be
/// late for once.
bool turns::is_next(steady_time now) {
  const std::lock_guard<std::mutex> held(state_);
  const double before = rivals_before();
  const bool has_waited = begun_at_ != 0 && newest_ > begun_at_;
  if (has_waited ? before < 1 : rivals_ < fewest_rivals) {
    is_missing_rivals_ = false;
    return true;
  }
  if (now - newest_since_ < times(look_, looks_of_a_turn + before)) return false;
  // The last one is given up later than the others: a writer that takes itself to be alone leaves no turn to a slow one.
  if (std::exchange(is_missing_rivals_, true))
    rivals_ = rivals_ > 1 ? std::max(1.0, rivals_ - before) : rivals_ * memory_of_the_last;
  return true;
}

std::chrono::nanoseconds turns::pause() const {
  const std::lock_guard<std::mutex> held(state_);
  const double before = rivals_before();
  if (before <= near) return {};
  return times(interval(), std::min((before - near) * share_of_the_wait + 0.5, longest_pause));
}

bool turns::has_just_looked(steady_time now) const {
  const std::lock_guard<std::mutex> held(state_);
  return look_.count() > 0 && now - looked_at_ <= 2 * look_;
}

std::int64_t turns::waited(std::int64_t version) const {
  const std::lock_guard<std::mutex> held(state_);
  return begun_at_ == 0 ? 0 : std::max<std::int64_t>(0, version - 1 - begun_at_);
}

}  // namespace evodb
