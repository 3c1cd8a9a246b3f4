#pragma once

#include <memory>
#include <vector>

#include "model/table_metadata.h"
#include "runtime/task.h"
#include "table/scan/delete_index.h"
#include "table/manifests/spec_pruning.h"
#include "table/table_context.h"

namespace evodb {

/// A manifest of delete files, and the scan's filter by its partition spec.
struct delete_manifest {
  manifest_file listed;
  std::shared_ptr<const spec_pruning> pruning;
};

/// Indexes the live delete files of the manifests, some of which are read at a time, but for those whose partition shows
/// that the filter keeps no data file that they apply to. They are held from the memory budget as long as the index lives.
/// Null where nothing is left. Throws as read_manifest_of and delete_index do. `metadata` must outlive the task.
task<std::shared_ptr<const delete_index>> read_deletes(std::shared_ptr<table_context> context,
                                                       const table_metadata &metadata,
                                                       std::vector<delete_manifest> manifests);

}  // namespace evodb
