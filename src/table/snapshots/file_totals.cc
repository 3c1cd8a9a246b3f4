#include "table/snapshots/file_totals.h"

#include <algorithm>

#include "model/partition_key.h"

namespace evodb {

void file_totals::add(const evodb::data_files &files, std::size_t row) {
  const std::int64_t rows = std::max<std::int64_t>(0, files.record_counts[row]);
  switch (files.contents[row]) {
    case file_content::data:
      ++data_files;
      records += rows;
      break;
    case file_content::position_deletes:
      ++delete_files;
      ++(files.is_deletion_vector(row) ? vectors : position_delete_files);
      position_deletes += rows;
      break;
    case file_content::equality_deletes:
      ++delete_files;
      ++equality_delete_files;
      equality_deletes += rows;
      break;
  }
  // Several vectors are in one file, of which each counts its own part.
  const bool is_part = !files.content_sizes.empty() && files.content_sizes[row] != evodb::data_files::no_value;
  size += std::max<std::int64_t>(0, is_part ? files.content_sizes[row] : files.file_sizes[row]);
  // Unpartitioned files are all in one, which the first one has added.
  if (!files.partitions.empty() || row == 0 || partitions.empty()) partitions.insert(spec_partition_key(files, row));
}

void file_totals::add(const table_files &files) {
  for (const auto &batch : files.batches) {
    for (std::size_t row = 0; row < batch->size(); ++row) add(*batch, row);
  }
}

file_totals &file_totals::operator+=(const file_totals &other) {
  data_files += other.data_files;
  records += other.records;
  delete_files += other.delete_files;
  position_delete_files += other.position_delete_files;
  vectors += other.vectors;
  position_deletes += other.position_deletes;
  equality_delete_files += other.equality_delete_files;
  equality_deletes += other.equality_deletes;
  size += other.size;
  partitions.insert(other.partitions.begin(), other.partitions.end());
  return *this;
}

}  // namespace evodb
