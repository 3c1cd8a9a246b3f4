#pragma once

#include <cstdint>
#include <vector>

#include "model/table_metadata.h"

namespace evodb {

/// No snapshot younger than that expires at a commit: an unresolved commit is known by its snapshot so long.
inline constexpr std::int64_t youngest_expired_snapshot_ms = 3600 * 1000;

/// Snapshots that a commit takes out of the metadata, oldest first, so that it does not grow without bound: those beyond
/// the property `evodb.commit.max-snapshots` (10,000; 0: no limit). What a ref points at or retains stays, and so does
/// everything where `gc.enabled` is false. No file is deleted.
std::vector<std::int64_t> snapshots_to_expire(const table_metadata &of, std::int64_t now_ms);

}  // namespace evodb
