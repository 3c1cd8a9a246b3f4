#pragma once

#include <memory>

#include "model/inherited_entries.h"
#include "table/manifests/spec_pruning.h"
#include "table/scan/planned_files.h"

namespace evodb {

/// The live files among the entries that may have rows that match, by their partitions and then by their bounds. Adds to
/// the counts of files.
planned_files select_files(const inherited_entries &entries, std::shared_ptr<const spec_pruning> pruning,
                           plan_counts &counts);

}  // namespace evodb
