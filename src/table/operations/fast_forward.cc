#include "table/operations/fast_forward.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "base/error.h"
#include "table/operations/ref_operation.h"
#include "table/snapshots/snapshot_summary.h"

namespace evodb {

table fast_forward(const table &of, std::string branch, const std::string &to) {
  const table_metadata &metadata = *of.metadata();
  check_branch(branch, metadata);
  const auto target = metadata.refs.find(to);
  if (target == metadata.refs.end()) {
    fail(status::NOT_FOUND, fmt::format("the table has no branch or tag '{}'", to),
         to.empty() ? metadata.location : to);
  }
  const std::int64_t there = target->second.snapshot_id;
  const auto from = metadata.refs.find(branch);
  if (from != metadata.refs.end() && !metadata.is_ancestor(from->second.snapshot_id, there)) {
    fail(status::CONFLICT,
         fmt::format("branch {} cannot be fast-forwarded to {}: its snapshot {} is no ancestor of {}", branch, to,
                     from->second.snapshot_id, there),
         branch);
  }
  snapshot_ref becomes;
  becomes.snapshot_id = there;
  std::string what = fmt::format("the fast-forward of {} to snapshot {} of {}", branch, there, to);
  return of.with(std::make_shared<ref_operation>(std::move(what), std::move(branch), metadata, becomes));
}

}  // namespace evodb
