#pragma once

#include "model/sort_order.h"
#include "table/table.h"

namespace evodb {

/// The table with this default sort order, under the id of an equal order of the table, or a new one; no fields: order 0,
/// unsorted. Files that the table has stay as they are. Throws INVALID_ARGUMENT where the schema lacks a source column.
/// Committed only over the schema, the spec and the order that `of` has.
table set_sort_order(const table &of, sort_order order);

}  // namespace evodb
