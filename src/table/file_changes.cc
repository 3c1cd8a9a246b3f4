#include "table/file_changes.h"

#include <algorithm>
#include <numeric>

namespace evodb {

table_files::table_files(const table_metadata &made_for)
    : table_uuid(made_for.table_uuid),
      table_location(made_for.location),
      spec(made_for.default_spec()),
      checked_against(made_for.current_schema()) {}

std::int64_t table_files::count() const noexcept {
  std::int64_t files = 0;
  for (const auto &batch : batches) files += static_cast<std::int64_t>(batch->size());
  return files;
}

std::int64_t table_files::record_count() const noexcept {
  std::int64_t records = 0;
  for (const auto &batch : batches)
    records = std::accumulate(batch->record_counts.begin(), batch->record_counts.end(), records);
  return records;
}

std::int64_t table_files::size_in_bytes() const noexcept {
  std::int64_t size = 0;
  for (const auto &batch : batches) size = std::accumulate(batch->file_sizes.begin(), batch->file_sizes.end(), size);
  return size;
}

bool table_files::hold_deletes() const noexcept {
  return std::any_of(batches.begin(), batches.end(), [](const auto &batch) {
    return batch->size() > 0 && batch->contents.front() != file_content::data;
  });
}

std::vector<std::shared_ptr<const table_files>> file_changes::all_added() const {
  std::vector<std::shared_ptr<const table_files>> all;
  for (const auto &files : {added, deletes}) {
    if (files) all.push_back(files);
  }
  return all;
}

}  // namespace evodb
