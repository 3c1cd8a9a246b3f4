#pragma once

#include <memory>

#include "model/table_metadata.h"
#include "runtime/task.h"
#include "table/file_changes.h"
#include "table/manifests/version_files.h"

namespace evodb {

/// The delete file that deletes these rows on `base`, which is added to `files`: in version 3 a deletion vector, with the
/// positions of the data file's earlier one; in version 2 a file of position deletes. `is_newer`: the base is another one
/// than that which the caller has seen. Throws, naming the data file:
/// - NOT_FOUND, or CONFLICT on a newer base, where it is not live;
/// - INVALID_ARGUMENT where it has no such rows.
task<std::shared_ptr<const table_files>> write_delete_file(const deleted_rows &rows, bool is_newer,
                                                           std::shared_ptr<const manifest_files> present,
                                                           const table_metadata &base, version_files &files);

}  // namespace evodb
