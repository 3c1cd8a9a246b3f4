#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "model/snapshot.h"
#include "model/table_metadata.h"
#include "table/file_changes.h"
#include "table/table_operation.h"

namespace evodb {

/// Where a snapshot goes, and what its caller says of it.
struct snapshot_plan {
  std::int64_t snapshot_id = 0;
  std::string branch = table_metadata::main_branch;
  string_pairs summary;  ///< the caller's properties
};

/// The snapshot that a branch is at. One that is not there yet begins where the main branch is. Null if there is none.
std::shared_ptr<const snapshot> head_of(const table_metadata &table, const std::string &branch);

/// The snapshot that these changes make on `base`: its manifest list is left empty, and its row lineage (version 3) counted
/// from the base.
snapshot describe_snapshot(std::string_view operation, const file_changes &changes, const snapshot_plan &plan,
                           const table_metadata &base, const commit_stamp &stamp);

/// Throws INVALID_ARGUMENT naming the key if the library writes it itself, now or in another operation.
void check_summary(const string_pairs &given);

}  // namespace evodb
