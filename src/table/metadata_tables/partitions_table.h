#pragma once

#include <memory>

#include "arrow/row_source.h"
#include "table/table.h"

namespace evodb {

/// partition (JSON object), spec_id, record_count, file_count, total_data_file_size_in_bytes,
/// position_delete_record_count, position_delete_file_count, equality_delete_record_count, equality_delete_file_count,
/// last_updated_at, last_updated_snapshot_id: a row for each partition of each spec that has live files. Records of delete
/// files are counted as they are, whether or not their rows are there. The last two are null where the snapshot expired.
row_set partitions_table(const table &of, std::shared_ptr<const manifest_files> manifests);

}  // namespace evodb
