#pragma once

#include <memory>
#include <string>
#include <vector>

#include "table/operations/file_operation.h"

namespace evodb {

/// The table without the files whose rows all match the filter (null: without any), and with the files added (null: none),
/// whose rows must match it. A file of which only some rows match fails the commit with PARTIAL_MATCH. Throws
/// INVALID_FILTER, and INVALID_ARGUMENT naming an added file that may have other rows.
table overwrite(const table &of, const predicate_ptr &filter, std::shared_ptr<const table_files> added,
                const file_operation_options &options);

/// The table with the files added (null: none) in the place of those that are named, which must be live when it is
/// committed. Throws INVALID_ARGUMENT.
table overwrite_files(const table &of, const std::vector<std::string> &paths, std::shared_ptr<const table_files> added,
                      const file_operation_options &options);

/// The table without the files whose rows all match the filter. As overwrite that adds nothing.
table delete_where(const table &of, const predicate_ptr &filter, const file_operation_options &options);

/// The table without the files that are named, which must be live when it is committed. It depends on no other files unless
/// the caller says on which.
table delete_files(const table &of, const std::vector<std::string> &paths, const file_operation_options &options);

}  // namespace evodb
