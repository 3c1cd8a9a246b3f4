#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "model/snapshot.h"
#include "model/table_metadata.h"
#include "table/snapshots/file_totals.h"
#include "table/table_operation.h"

namespace evodb {

/// What a snapshot is, where it goes, and what its caller says of it.
struct snapshot_plan {
  std::string operation;  ///< "append", "overwrite", "delete" or "replace"
  std::int64_t snapshot_id = 0;
  std::string branch = table_metadata::main_branch;
  bool is_staged = false;  ///< made on the branch, which does not move
  string_pairs summary;    ///< the caller's properties
};

/// Throws INVALID_ARGUMENT where no branch of the table can have this name: it is empty, or a tag's.
void check_branch(const std::string &name, const table_metadata &of);

/// The snapshot that a branch is at. One that is not there yet begins where the main branch is. Null if there is none.
std::shared_ptr<const snapshot> head_of(const table_metadata &table, const std::string &branch);

/// The snapshot that is made on `base` by adding and removing files: its manifest list is left empty, and its row lineage
/// (version 3) counted from the base. `removed` is null where it is not known yet; then neither are the totals.
snapshot describe_snapshot(const snapshot_plan &plan, const file_totals &added, const file_totals *removed,
                           const table_metadata &base, const commit_stamp &stamp);

/// Throws INVALID_ARGUMENT naming the key if the library writes it itself, now or in another operation.
void check_summary(const string_pairs &given);

}  // namespace evodb
