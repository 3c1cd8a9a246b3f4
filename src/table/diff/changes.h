#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "arrow/row_source.h"
#include "runtime/task.h"
#include "table/table.h"

namespace evodb {

struct changes_request {
  std::optional<std::int64_t> from;  ///< exclusive; null: from the table's first snapshot on
  std::optional<std::int64_t> to;    ///< inclusive; null: the current snapshot
  bool appends_only = false;         ///< data files that snapshots of operation append added, and nothing else
  bool with_replace = false;         ///< also what snapshots of operation replace changed: the same rows in other files
};

/// Which files each snapshot between two added and removed, in the order of the snapshots: `to` and its ancestors down to
/// `from`. It is read from the manifests that these snapshots added. `from` itself may have expired. Throws NOT_FOUND
/// where a snapshot between them has, or `to`; INVALID_ARGUMENT where `from` is no ancestor of `to`; UNSUPPORTED for
/// snapshots that are not committed.
task<std::shared_ptr<const row_set>> changes_between(table of, changes_request request);

}  // namespace evodb
