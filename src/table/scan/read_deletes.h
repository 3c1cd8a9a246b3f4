#pragma once

#include <memory>
#include <vector>

#include "model/table_metadata.h"
#include "runtime/task.h"
#include "table/manifests/spec_pruning.h"
#include "table/scan/delete_index.h"
#include "table/scan/scan_source.h"
#include "table/table_context.h"

namespace evodb {

/// Indexes the live delete files of the sources that are not skipped, some of which are read at a time, but for those whose
/// partition shows that the filter keeps no data file that they apply to. They are held from the memory budget as long as
/// the index lives. Null where nothing is left. Throws as read_manifest_of and delete_index do. `metadata` must outlive the
/// task.
task<std::shared_ptr<const delete_index>> read_deletes(std::shared_ptr<table_context> context,
                                                       const table_metadata &metadata, std::vector<scan_source> from);

}  // namespace evodb
