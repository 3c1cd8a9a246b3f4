#pragma once

#include <memory>

#include "table/operations/file_operation.h"

namespace evodb {

/// The table with these delete files, which the caller wrote, and the data files (null: none) that come with them. Data
/// files that delete files refer to must be live when it is committed; a deletion vector replaces the earlier one of its
/// data file, whose positions it must hold, too. `include_position_deletes`: a first vector holds what position delete files
/// have deleted. Throws INVALID_ARGUMENT where there are no delete files, or two vectors
/// of one data file.
table row_delta(const table &of, std::shared_ptr<const table_files> added, std::shared_ptr<const table_files> deletes,
                const file_operation_options &options, bool include_position_deletes = false);

}  // namespace evodb
