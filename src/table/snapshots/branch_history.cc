#include "table/snapshots/branch_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "table/snapshots/snapshot_summary.h"

namespace evodb {

seen_branch::seen_branch(const table &by, std::string of) : branch(std::move(of)) {
  for (const auto &change : by.uncommitted()) {
    if (const std::optional<std::int64_t> made = change->snapshot_id()) own.push_back(*made);
  }
  // The value may have moved the branch, too. That others have not moved it meanwhile, the move validates itself.
  const table_metadata &with_own = *by.metadata();
  if (const auto last = head_of(with_own, branch)) head = last->snapshot_id;
  while (head && is_own(*head)) head = with_own.find_snapshot(*head)->parent_snapshot_id;
}

bool seen_branch::is_own(std::int64_t snapshot_id) const noexcept {
  return std::find(own.begin(), own.end(), snapshot_id) != own.end();
}

std::vector<std::shared_ptr<const snapshot>> snapshots_since(const seen_branch &seen, const table_metadata &base) {
  std::vector<std::shared_ptr<const snapshot>> since;
  const std::shared_ptr<const snapshot> head = head_of(base, seen.branch);
  std::optional<std::int64_t> id = head ? std::optional(head->snapshot_id) : std::nullopt;
  while (id && id != seen.head) {
    const std::shared_ptr<const snapshot> at = base.find_snapshot(*id);
    if (!at) {
      fail(status::CONFLICT,
           fmt::format(
               "snapshot {} of branch {} has expired, so that what was committed since this was made is not known", *id,
               seen.branch),
           base.location);
    }
    if (!seen.is_own(*id)) since.push_back(at);
    if (since.size() > base.snapshots.size())
      fail(status::CORRUPT, fmt::format("the parents of snapshot {} go in a circle", *id), base.location);
    id = at->parent_snapshot_id;
  }
  if (id != seen.head) {
    fail(status::CONFLICT,
         fmt::format("snapshot {}, on which this was made, is not in the history of branch {} any more", *seen.head,
                     seen.branch),
         base.location);
  }
  return since;
}

}  // namespace evodb
