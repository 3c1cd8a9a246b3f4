#pragma once

#include <memory>

#include "arrow/row_source.h"
#include "table/table.h"

namespace evodb {

/// content (0 data, 1 deletes), path, length, partition_spec_id, added_snapshot_id, added_, existing_ and
/// deleted_data_files_count, the same of delete files, partition_summaries (JSON array of contains_null, contains_nan,
/// lower_bound, upper_bound). Counts of the content that a manifest has not are 0; what its list does not say is null.
row_set manifests_table(const table &of, std::shared_ptr<const manifest_files> manifests);

}  // namespace evodb
