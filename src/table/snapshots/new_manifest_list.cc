#include "table/snapshots/new_manifest_list.h"

#include <cstdint>
#include <utility>

#include "base/error.h"
#include "codec/manifest_list.h"

namespace evodb {
namespace {

/// The row id behind a manifest's rows, whose counts another writer may have made up.
std::int64_t behind(std::int64_t first_row_id, const manifest_file &rows) {
  const std::int64_t added = rows.added_rows_count.value_or(0), existing = rows.existing_rows_count.value_or(0);
  std::int64_t next = 0;
  if (added < 0 || existing < 0 || __builtin_add_overflow(first_row_id, added, &next) ||
      __builtin_add_overflow(next, existing, &next)) {
    fail(status::CORRUPT, "the manifest list says that a manifest has more rows than there can be", rows.manifest_path);
  }
  return next;
}

}  // namespace

bytes encode_manifest_list(const manifest_files &own, const manifest_files &parents, int format_version, snapshot &made,
                           manifest_files &listed) {
  listed.reserve(parents.size() + own.size());
  std::int64_t next_row_id = made.first_row_id.value_or(0);
  for (manifest_file row : own) {
    row.sequence_number = made.sequence_number;
    if (row.min_sequence_number == unassigned_sequence_number) row.min_sequence_number = made.sequence_number;
    if (format_version >= 3 && row.content == manifest_content::data) {
      row.first_row_id = next_row_id;
      next_row_id = behind(next_row_id, row);
    }
    listed.push_back(std::move(row));
  }
  for (const manifest_file &kept : parents) {
    const bool is_own = kept.sequence_number == unassigned_sequence_number;
    if (!kept.has_live_files() && !is_own) continue;
    listed.push_back(kept);
    if (!is_own) continue;
    listed.back().sequence_number = made.sequence_number;  // merged or rewritten for this snapshot
    listed.back().added_snapshot_id = made.snapshot_id;
  }
  if (format_version >= 3) {
    // Manifests from before the table was upgraded get their row ids with the first snapshot that keeps them.
    for (std::size_t i = own.size(); i < listed.size(); ++i) {
      manifest_file &kept = listed[i];
      if (kept.content != manifest_content::data || kept.first_row_id) continue;
      kept.first_row_id = next_row_id;
      next_row_id = behind(next_row_id, kept);
    }
    made.added_rows = next_row_id - *made.first_row_id;
  }
  manifest_list_target target;
  target.format_version = format_version;
  target.snapshot_id = made.snapshot_id;
  target.parent_snapshot_id = made.parent_snapshot_id;
  target.sequence_number = made.sequence_number;
  target.first_row_id = made.first_row_id;
  return write_manifest_list(listed, target);
}

}  // namespace evodb
