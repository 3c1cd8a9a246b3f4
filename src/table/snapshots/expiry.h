#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/table_metadata.h"

namespace evodb {

/// No snapshot younger than that expires at a commit: an unresolved commit is known by its snapshot so long
/// (docs/commit.md, rule 12).
inline constexpr std::int64_t youngest_expired_snapshot_ms = 3600 * 1000;

inline constexpr const char *max_snapshots_property = "evodb.commit.max-snapshots";

/// Null where the text is no number from 0 up.
std::optional<std::size_t> parse_max_snapshots(const std::string &text);
/// How many snapshots a commit leaves in the metadata: the property `evodb.commit.max-snapshots`, by default 10,000, 0:
/// no limit. Null where the property is no number, which counts as the default.
std::optional<std::size_t> max_snapshots(const table_metadata &of);
/// Whether `gc.enabled` is false, so that no snapshot ever expires.
bool keeps_every_snapshot(const table_metadata &of);

/// Snapshots that a commit takes out of the metadata, oldest first, so that it does not grow without bound: those beyond
/// `max_snapshots`. What a ref points at or retains stays, and so does everything where `gc.enabled` is false. No file
/// is deleted.
std::vector<std::int64_t> snapshots_to_expire(const table_metadata &of, std::int64_t now_ms);

}  // namespace evodb
