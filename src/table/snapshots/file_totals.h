#pragma once

#include <cstddef>
#include <cstdint>
#include <set>

#include "base/bytes.h"
#include "model/data_files.h"
#include "table/file_changes.h"

namespace evodb {

/// What files add up to, for the summary of the snapshot that adds or removes them.
struct file_totals {
  std::int64_t data_files = 0, records = 0;
  std::int64_t delete_files = 0;  ///< of all kinds
  std::int64_t position_delete_files = 0, vectors = 0, position_deletes = 0;
  std::int64_t equality_delete_files = 0, equality_deletes = 0;
  std::int64_t size = 0;       ///< bytes
  std::set<bytes> partitions;  ///< by spec_partition_key

  void add(const evodb::data_files &files, std::size_t row);
  void add(const table_files &files);
  file_totals &operator+=(const file_totals &other);
};

}  // namespace evodb
