#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include "model/data_files.h"
#include "table/change.h"
#include "table/table.h"

namespace evodb {

/// Data files whose facts the caller knows; nothing is read. Exclusive.
class described_files {
 public:
  described_files(table of, bool allow_outside);

  /// `described`: all but its partition, and the path as the caller wrote it. `partition_json`: object from partition
  /// field name to JSON single value; empty for unpartitioned tables. Throws INVALID_ARGUMENT or ALREADY_EXISTS naming
  /// the file; then it is not added.
  void add(data_file described, std::string_view partition_json);
  /// Throws INVALID_ARGUMENT if the schema has no such column, or a bound is none of its type.
  void check(const column_metrics &metrics, const std::string &file_path) const;
  /// An empty one for the same table, to collect files in that are added together or not at all; see merge.
  described_files fresh() const { return described_files(table_, allow_outside_); }
  /// Adds all files of one that `fresh` gave, as a batch of their own. Throws ALREADY_EXISTS naming a file that both
  /// have; then none is added.
  void merge(described_files other);
  std::int64_t count() const noexcept { return static_cast<std::int64_t>(paths_.size()); }
  std::shared_ptr<const table_files> finish();

 private:
  data_files_builder empty_builder() const;
  /// Ends the batch being built, if it has files.
  void end_batch();

  table table_;
  bool allow_outside_;
  std::vector<type> partition_types_;
  std::vector<std::shared_ptr<const data_files>> batches_;  ///< complete ones
  data_files_builder builder_;
  std::unordered_set<std::string> paths_;
};

}  // namespace evodb
