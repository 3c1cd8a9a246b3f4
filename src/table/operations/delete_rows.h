#pragma once

#include "table/operations/file_operation.h"

namespace evodb {

/// The table without some rows of a data file, which must be live when it is committed; the path as the caller has it. Rows
/// that others delete meanwhile stay deleted, and contradict nothing. Throws INVALID_ARGUMENT where there are no positions
/// or negative ones.
/// `include_position_deletes`: the rows that position delete files have deleted are among them.
table delete_rows(const table &of, deleted_rows rows, const file_operation_options &options,
                  bool include_position_deletes = false);

}  // namespace evodb
