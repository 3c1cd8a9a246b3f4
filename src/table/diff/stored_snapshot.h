#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "model/snapshot.h"
#include "table/table.h"

namespace evodb {

/// Throws UNSUPPORTED where the value's snapshot is not committed: what it does to files is not in manifests yet. Of none:
/// nothing.
void check_stored(const table &of, const snapshot *one);
/// The snapshot of that id. Throws NOT_FOUND, and as check_stored.
std::shared_ptr<const snapshot> stored_snapshot(const table &of, std::int64_t snapshot_id);
/// The same; of none the current one, which may be null.
std::shared_ptr<const snapshot> stored_or_current(const table &of, std::optional<std::int64_t> snapshot_id);

}  // namespace evodb
