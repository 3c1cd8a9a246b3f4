#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "model/manifest_file.h"
#include "runtime/memory_budget.h"

namespace evodb {

/// Decodes a manifest list of version 1, 2 or 3 (spec, "Manifest Lists"). Fields are found by field id, or by their old
/// and new names where the schema has no ids. Version 1 gives sequence numbers 0 and may leave counts null. Counts,
/// lengths and summaries in another form than the spec's are not known; manifests of delete files have no first row id,
/// whatever is written. Throws
/// CORRUPT naming `subject` and the offset, UNSUPPORTED for an unknown codec, RESOURCE_EXHAUSTED when the inflated
/// bytes and the rows pass the budget. Any thread.
std::vector<manifest_file> read_manifest_list(byte_view file, std::string_view subject, memory_budget &budget);

struct manifest_list_target {
  int format_version = 2;  ///< 2 or 3
  std::int64_t snapshot_id = 0;
  std::optional<std::int64_t> parent_snapshot_id;
  std::int64_t sequence_number = 0;          ///< of the commit
  std::optional<std::int64_t> first_row_id;  ///< of the snapshot; version 3
};

/// Unassigned (-1) sequence numbers become the target's; only manifests that the target's snapshot adds may have them.
/// In version 3 every manifest of data files must have its first_row_id: the caller assigns it. Throws INVALID_ARGUMENT
/// naming the manifest where one of these or a count is missing.
bytes write_manifest_list(const std::vector<manifest_file> &manifests, const manifest_list_target &target);

}  // namespace evodb
