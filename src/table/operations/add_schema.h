#pragma once

#include <cstdint>
#include <utility>

#include "table/operations/schema_lineage.h"
#include "table/table.h"

namespace evodb {

/// The table with one more schema, which does not become the current one, and its id; where it has an equal one, that
/// one's, and nothing changes. Throws as fit_to_table does. Committed only over the schemas that `of` has.
std::pair<table, std::int32_t> add_schema(const table &of, const schema &added, field_ids ids);

}  // namespace evodb
