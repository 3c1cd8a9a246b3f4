#include "table/operations/delete_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "table/snapshots/snapshot_operation.h"

namespace evodb {

table delete_rows(const table &of, deleted_rows rows, const file_operation_options &options,
                  bool include_position_deletes) {
  rows.path = path_in_manifests(of, rows.path);
  if (rows.positions.empty()) fail(status::INVALID_ARGUMENT, "no positions of rows to delete", rows.path);
  const std::int64_t least = *std::min_element(rows.positions.begin(), rows.positions.end());
  if (least < 0)
    fail(status::INVALID_ARGUMENT, fmt::format("position {} of a row to delete is negative", least), rows.path);
  file_changes changes;
  changes.rows = std::move(rows);
  changes.include_position_deletes = include_position_deletes;
  conflict_rules rules;
  rules.refuse_added_vectors = false;  // theirs is taken in
  return of.with(std::make_shared<snapshot_operation>(of, std::move(changes), plan_snapshot(of, "delete", options),
                                                      std::move(rules)));
}

}  // namespace evodb
