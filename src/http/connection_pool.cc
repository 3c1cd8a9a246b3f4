#include "http/connection_pool.h"

#include <algorithm>
#include <utility>

namespace evodb {

std::unique_ptr<byte_stream> connection_pool::take(const executor &here, steady_time now) {
  const std::lock_guard<std::mutex> held(state_);
  drop_old(here, now);
  while (true) {
    const auto found = std::find_if(idle_.rbegin(), idle_.rend(), [&](const entry &one) { return one.home == here; });
    if (found == idle_.rend()) return nullptr;
    std::unique_ptr<byte_stream> stream = std::move(found->stream);
    idle_.erase(std::next(found).base());
    if (!stream->is_stale()) return stream;
  }
}

void connection_pool::give_back(const executor &here, std::unique_ptr<byte_stream> idle, steady_time now) {
  const std::lock_guard<std::mutex> held(state_);
  drop_old(here, now);
  const auto of_here = std::count_if(idle_.begin(), idle_.end(), [&](const entry &one) { return one.home == here; });
  if (static_cast<std::size_t>(of_here) >= most_idle_) return;
  idle_.push_back({here, std::move(idle), now});
}

/// Those of other executors are not ours to close: each closes its own.
void connection_pool::drop_old(const executor &here, steady_time now) {
  std::erase_if(idle_, [&](const entry &one) { return one.home == here && now - one.since > longest_idle_; });
}

}  // namespace evodb
