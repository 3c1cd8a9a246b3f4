#pragma once

#include <cstdint>

#include "table/table.h"

namespace evodb {

/// The table with another one of its schemas as the current one. Throws NOT_FOUND, and INCOMPATIBLE_SCHEMA naming the
/// column where the schema could not read what was written with the current one, lacks a column that the table is
/// partitioned or sorted by, or gives a column a name that is taken. Committed only over the schemas that `of` has.
table set_current_schema(const table &of, std::int32_t schema_id);

}  // namespace evodb
