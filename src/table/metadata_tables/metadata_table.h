#pragma once

#include <memory>
#include <string_view>

#include "arrow/row_source.h"
#include "runtime/task.h"
#include "table/scan/plan.h"
#include "table/table.h"

namespace evodb {

/// Iceberg's metadata tables, with Iceberg's columns. What is nested in Iceberg is JSON text here.
enum class metadata_table { snapshots, history, refs, files, manifests, partitions };

/// Throws INVALID_ARGUMENT naming those that there are.
metadata_table metadata_table_from(std::string_view name);
/// Whether it is of one snapshot, and not of the table's metadata alone.
bool is_of_snapshot(metadata_table which) noexcept;

/// Its rows. `at` chooses the snapshot of those that are of one. Reads its manifest list; the rows of files and partitions
/// read the manifests. Throws as choose_snapshot does, and UNSUPPORTED where the snapshot is not committed.
task<std::shared_ptr<const row_set>> read_metadata_table(table of, metadata_table which, scan_request at);

}  // namespace evodb
