#pragma once

#include <memory>

#include "table/operations/file_operation.h"

namespace evodb {

/// The table with these files in the place of all that are in their partitions, of the same partition spec; of an
/// unpartitioned spec that is every file. Throws INVALID_ARGUMENT where there are none.
table replace_partitions(const table &of, std::shared_ptr<const table_files> added,
                         const file_operation_options &options);

}  // namespace evodb
