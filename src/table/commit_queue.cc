#include "table/commit_queue.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "table/commit/commit_call.h"

namespace evodb {
namespace {

constexpr std::size_t most_members = 64;

bool go_together(const commit_call &first, const commit_call &other) {
  return !first.is_creating() && !other.is_creating() &&
         first.value.metadata()->table_uuid == other.value.metadata()->table_uuid;
}

/// Within one application keys go up, in the places that its members have.
void sort_keys(std::vector<commit_queue::member> &group) {
  std::map<std::string, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i]->key) places[group[i]->key->application].push_back(i);
  }
  for (const auto &[application, at] : places) {
    std::vector<commit_queue::member> sorted;
    for (const std::size_t i : at) sorted.push_back(group[i]);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto &a, const auto &b) { return a->key->sequence < b->key->sequence; });
    for (std::size_t i = 0; i < at.size(); ++i) group[at[i]] = std::move(sorted[i]);
  }
}

}  // namespace

commit_queue::place::place(commit_queue &in, member who) : queue_(in), member_(std::move(who)) {
  const std::lock_guard<std::mutex> held(queue_.state_);
  queue_.waiting_.push_back(member_);
}

commit_queue::place::~place() {
  const std::lock_guard<std::mutex> held(queue_.state_);
  queue_.waiting_.remove(member_);
}

std::vector<commit_queue::member> commit_queue::group_with(const member &first) {
  const std::lock_guard<std::mutex> held(state_);
  std::vector<member> group{first};
  for (const member &other : waiting_) {
    if (group.size() == most_members) break;
    const bool waits = !other->has_left() && !other->is_done();
    if (other != first && waits && go_together(*first, *other)) group.push_back(other);
  }
  sort_keys(group);
  return group;
}

}  // namespace evodb
