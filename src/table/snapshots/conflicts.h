#pragma once

#include <memory>
#include <vector>

#include "model/table_metadata.h"
#include "runtime/task.h"
#include "table/file_changes.h"
#include "table/manifests/version_files.h"
#include "table/snapshots/removal.h"

namespace evodb {

/// Iceberg's validations of concurrent commits. `since`: what others have committed since the caller looked
/// (snapshots_since); `present`: the branch's manifests. Both throw CONFLICT naming a file and the snapshot.

/// Of the rules' data and delete files `within`.
task<> refuse_conflicts(const conflict_rules &rules, const file_changes &changes,
                        const std::vector<std::shared_ptr<const snapshot>> &since,
                        std::shared_ptr<const manifest_files> present, const table_metadata &base,
                        version_files &files);

/// Of delete files that apply to the files that the operation names: those that it removes, if the rules say so, and, for
/// each vector that it adds, other vectors of the same data file.
task<> refuse_deletes_of_named(const conflict_rules &rules, const file_changes &changes,
                               const std::vector<named_file> &named,
                               const std::vector<std::shared_ptr<const snapshot>> &since,
                               std::shared_ptr<const manifest_files> present, const table_metadata &base,
                               version_files &files);

}  // namespace evodb
