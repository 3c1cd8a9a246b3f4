#include "table/commit/grouping.h"

#include <algorithm>
#include <cstddef>
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

std::vector<commit_queue::member> group_with(const commit_queue::member &first, const commit_queue &queue) {
  std::vector<commit_queue::member> group{first};
  for (const commit_queue::member &other : queue.waiting()) {
    if (group.size() == most_members) break;
    const bool waits = !other->has_left() && !other->is_done();
    if (other != first && waits && go_together(*first, *other)) group.push_back(other);
  }
  sort_keys(group);
  return group;
}

}  // namespace evodb
