#pragma once

#include "table/operations/partition_changes.h"
#include "table/table.h"

namespace evodb {

/// Throws as `evolve_spec` does. Files that the table has keep the spec that they were written with. Committed only over
/// the schema and the spec that `of` has.
table evolve_partition_spec(const table &of, partition_changes steps);

}  // namespace evodb
