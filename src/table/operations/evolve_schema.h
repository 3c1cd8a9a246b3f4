#pragma once

#include "table/operations/schema_changes.h"
#include "table/table.h"

namespace evodb {

/// Throws as `evolve` does. Committed only over the schema that `of` has: its field ids may be in files by then.
table evolve_schema(const table &of, schema_changes steps);

}  // namespace evodb
