#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "arrow/row_source.h"
#include "runtime/task.h"
#include "table/table.h"

namespace evodb {

struct diff_request {
  std::optional<std::int64_t> from;  ///< snapshot id; null: before the first snapshot, when the table had no files
  std::optional<std::int64_t> to;    ///< null: the current snapshot
  bool by_partition = false;         ///< a row for each partition with what came and went, instead of one for each file
};

/// Which files, data and delete files alike, live in one of two snapshots and not in the other, whatever their ancestry.
/// Reads both manifest lists; the rows read those manifests that are in one of them alone. Throws NOT_FOUND naming a
/// snapshot that is not there, UNSUPPORTED for one that is not committed.
task<std::shared_ptr<const row_set>> diff_snapshots(table of, diff_request request);

}  // namespace evodb
