#pragma once

#include "arrow/row_source.h"
#include "table/table.h"

namespace evodb {

/// committed_at, snapshot_id, parent_id, operation, manifest_list, summary (JSON object): every snapshot of the metadata.
row_set snapshots_table(const table &of);
/// made_current_at, snapshot_id, parent_id, is_current_ancestor: the snapshot log.
row_set history_table(const table &of);
/// name, type (BRANCH, TAG), snapshot_id, max_reference_age_in_ms, min_snapshots_to_keep, max_snapshot_age_in_ms.
row_set refs_table(const table &of);

}  // namespace evodb
