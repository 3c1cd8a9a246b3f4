#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "table/operations/file_operation.h"

namespace evodb {

/// The table with files that hold the same rows in another form in the place of the named ones, which must be live when it
/// is committed. `data_sequence_number`: of the added files, that of the snapshot whose rows were read: equality deletes
/// that come meanwhile then apply to them. Without it such deletes of the named files are a conflict, as other deletes of
/// theirs always are. The commit throws INVALID_ARGUMENT where more records would be added than removed.
table rewrite_files(const table &of, const std::vector<std::string> &paths, std::shared_ptr<const table_files> added,
                    std::optional<std::int64_t> data_sequence_number, const file_operation_options &options);

}  // namespace evodb
