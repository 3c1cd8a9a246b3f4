#include "table/operations/roll_back.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "table/operations/ref_operation.h"
#include "table/snapshots/snapshot_summary.h"

namespace evodb {
namespace {

table moved_back(const table &of, std::string branch, std::int64_t snapshot_id) {
  snapshot_ref becomes;
  becomes.snapshot_id = snapshot_id;
  std::string what = fmt::format("the roll-back to snapshot {}", snapshot_id);
  return of.with(std::make_shared<ref_operation>(std::move(what), std::move(branch), *of.metadata(), becomes));
}

}  // namespace

table roll_back(const table &of, std::int64_t snapshot_id) {
  if (!of.metadata()->find_snapshot(snapshot_id)) {
    fail(status::NOT_FOUND, fmt::format("the table has no snapshot {}", snapshot_id),
         of.context()->location().to_text());
  }
  return moved_back(of, table_metadata::main_branch, snapshot_id);
}

table roll_back_to_time(const table &of, std::string branch, std::int64_t time_ms) {
  const table_metadata &metadata = *of.metadata();
  check_branch(branch, metadata);
  const auto head = metadata.refs.find(branch);
  std::optional<std::int64_t> found, first_ms;
  if (head != metadata.refs.end()) {
    metadata.visit_ancestors(head->second.snapshot_id, [&](const snapshot &one) {
      first_ms = one.timestamp_ms;
      if (one.timestamp_ms <= time_ms) found = one.snapshot_id;
      return !found;
    });
  }
  if (!found) {
    const std::string why = first_ms ? "its first is of " + epoch_ms_to_text(*first_ms) : "it has none";
    fail(status::NOT_FOUND,
         fmt::format("branch {} has no snapshot at or before {}: {}", branch, epoch_ms_to_text(time_ms), why),
         metadata.location);
  }
  return moved_back(of, std::move(branch), *found);
}

}  // namespace evodb
