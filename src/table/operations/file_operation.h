#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expression/predicate.h"
#include "model/snapshot.h"
#include "table/snapshots/snapshot_summary.h"
#include "table/table.h"

namespace evodb {

/// What concurrent commits an operation tolerates (docs/operations.md).
enum class isolation { serializable, snapshot };

/// What the callers of all operations that change files can say.
struct file_operation_options {
  std::string branch = table_metadata::main_branch;
  bool is_staged = false;  ///< the snapshot is made and no branch moved to it: see cherry_pick
  string_pairs summary;    ///< the caller's properties of the snapshot
  isolation level = isolation::serializable;
  predicate_ptr conflict_filter;  ///< the rows that the operation depends on; null: its own filter, or every row
};

/// A plan for a snapshot with a new id.
snapshot_plan plan_snapshot(const table &of, std::string operation, const file_operation_options &options);

/// A data file's path as manifests have it: relative ones are below the table's location. Throws INVALID_ARGUMENT for an
/// empty one.
std::string path_in_manifests(const table &of, std::string_view path);
/// The same for all, each of which may be there once.
std::vector<std::string> paths_in_manifests(const table &of, const std::vector<std::string> &paths);

}  // namespace evodb
