#include "model/inherited_entries.h"

#include <algorithm>

#include "base/error.h"

namespace evodb {

manifest_inheritance manifest_inheritance::of(const manifest_file &listed, const manifest_entries &entries) {
  if (entries.has_existing_without_number && listed.sequence_number != 0) {
    fail(status::CORRUPT, "an existing entry has no sequence number", listed.manifest_path);
  }
  return manifest_inheritance(listed);
}

std::vector<std::int64_t> manifest_inheritance::first_row_ids(const manifest_entries &of) const {
  if (!first_row_id_) return {};
  std::vector<std::int64_t> ids = of.files.first_row_ids;
  ids.resize(of.size(), data_files::no_value);
  std::int64_t next = *first_row_id_;
  for (std::size_t row = 0; row < of.size(); ++row) {
    if (!of.is_live(row) || ids[row] != data_files::no_value) continue;
    ids[row] = next;
    if (of.files.record_counts[row] < 0) {  // where the next file begins, is open
      for (std::size_t later = row + 1; later < of.size(); ++later) ids[later] = data_files::no_value;
      break;
    }
    // A sum beyond 63 bits comes from hostile counts alone; it must not be undefined.
    next = static_cast<std::int64_t>(static_cast<std::uint64_t>(next) +
                                     static_cast<std::uint64_t>(of.files.record_counts[row]));
  }
  const bool has_one = std::any_of(ids.begin(), ids.end(), [](std::int64_t id) { return id != data_files::no_value; });
  return has_one ? ids : std::vector<std::int64_t>();
}

void manifest_inheritance::apply_to(manifest_entries &entries) const {
  const std::size_t count = entries.size();
  std::vector<std::int64_t> snapshots(count), numbers(count), file_numbers(count);
  for (std::size_t row = 0; row < count; ++row) {
    snapshots[row] = snapshot_id(entries, row);
    numbers[row] = sequence_number(entries, row);
    file_numbers[row] = file_sequence_number(entries, row);
  }
  entries.snapshot_ids = std::move(snapshots);
  entries.sequence_numbers = std::move(numbers);
  entries.file_sequence_numbers = std::move(file_numbers);
}

std::shared_ptr<const manifest_entries> added_entries(const data_files &files) {
  auto entries = std::make_shared<manifest_entries>();
  entries->files = files;
  entries->statuses.assign(files.size(), entry_status::added);
  return entries;
}

}  // namespace evodb
