#include "table/operations/row_delta.h"

#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "table/snapshots/position_deletes.h"
#include "table/snapshots/snapshot_operation.h"

namespace evodb {
namespace {

void check_vectors(const table_files &deletes) {
  std::unordered_set<std::string_view> with_vector;
  for (const auto &batch : deletes.batches) {
    for (std::size_t row = 0; row < batch->size(); ++row) {
      if (batch->contents[row] == file_content::data)
        fail(status::INVALID_ARGUMENT, "a data file is given as a delete file", std::string(batch->path(row)));
      if (batch->is_deletion_vector(row) && !with_vector.insert(batch->referenced_data_file(row)).second)
        fail(status::INVALID_ARGUMENT, "two deletion vectors of one data file",
             std::string(batch->referenced_data_file(row)));
    }
  }
}

/// Position deletes of files that they do not name, so that it cannot be seen whether these are live.
bool has_unnamed_target(const table_files &deletes) {
  for (const auto &batch : deletes.batches) {
    for (std::size_t row = 0; row < batch->size(); ++row) {
      if (batch->contents[row] == file_content::position_deletes && only_data_file(*batch, row).empty()) return true;
    }
  }
  return false;
}

}  // namespace

table row_delta(const table &of, std::shared_ptr<const table_files> added, std::shared_ptr<const table_files> deletes,
                const file_operation_options &options, bool include_position_deletes) {
  if (!deletes || deletes->count() == 0)
    fail(status::INVALID_ARGUMENT, "no delete files: data files alone are appended");
  check_vectors(*deletes);
  file_changes changes;
  if (added && added->count() > 0) changes.added = std::move(added);
  changes.deletes = std::move(deletes);
  changes.include_position_deletes = include_position_deletes;
  conflict_rules rules;
  rules.within = options.conflict_filter;
  rules.refuse_added_data = options.level == isolation::serializable;
  rules.refuse_added_deletes = true;
  rules.refuse_removed_data = has_unnamed_target(*changes.deletes);
  snapshot_plan plan = plan_snapshot(of, changes.added ? "overwrite" : "delete", options);
  return of.with(std::make_shared<snapshot_operation>(of, std::move(changes), std::move(plan), std::move(rules)));
}

}  // namespace evodb
