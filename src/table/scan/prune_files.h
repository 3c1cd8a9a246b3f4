#pragma once

#include <memory>

#include "arrow/import_data_files.h"
#include "table/manifests/spec_pruning.h"
#include "table/scan/planned_files.h"

namespace evodb {

/// Which files of a caller's list, which need not be of any table, may have rows that match: a plan's decision without
/// its table. A partition that is left out is unknown and keeps its file, as does a record count of -1. `described`:
/// the statistics of the filter's schema. Throws INVALID_ARGUMENT naming the file whose partition is none of the spec,
/// or whose record count is below -1.
planned_files prune_files(imported_data_files described, std::shared_ptr<const spec_pruning> pruning);

}  // namespace evodb
