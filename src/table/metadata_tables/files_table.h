#pragma once

#include <memory>

#include "arrow/row_source.h"
#include "table/table.h"

namespace evodb {

/// All live files, data and delete files alike, with all that manifests say of them: content (0 data, 1 position deletes,
/// 2 equality deletes), file_path, file_format, spec_id, partition, record_count, file_size_in_bytes, column_sizes,
/// value_counts, null_value_counts, nan_value_counts, lower_bounds, upper_bounds, key_metadata, split_offsets,
/// equality_ids, sort_order_id, first_row_id, referenced_data_file, content_offset, content_size_in_bytes. Statistics are
/// JSON objects by field id; bounds in them single values, without those that cannot be read as their field's type.
row_set files_table(const table &of, std::shared_ptr<const manifest_files> manifests);

}  // namespace evodb
