#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "arrow/row_source.h"
#include "model/snapshot.h"
#include "table/scan/planned_files.h"

namespace evodb {

/// Files that came or went: rows of one manifest.
struct changed_files {
  bool is_added = false;
  planned_files files;
  std::shared_ptr<const snapshot> by;  ///< null where it is not one snapshot that changed them
};

/// "data", "position_deletes", "equality_deletes", "deletion_vector".
std::string_view content_name(const data_files &files, std::size_t row) noexcept;

/// change, content, file_path, record_count, file_size_in_bytes, spec_id, partition, partition_path; with snapshots:
/// followed by snapshot_id, sequence_number, operation.
std::vector<export_column> changed_file_columns(bool with_snapshots);

/// Gives changed files as rows.
class changed_file_source : public row_source {
 public:
  changed_file_source(bool with_snapshots, executor cpu)
      : with_snapshots_(with_snapshots), cpu_(std::move(cpu)), columns_(changed_file_columns(with_snapshots)) {}

  task<std::optional<export_batch>> next() final;

 private:
  /// Some files, at least one; nothing at the end. Waits if may_wait.
  virtual task<std::optional<changed_files>> find() = 0;
  virtual bool may_wait() const = 0;
  void fill(export_batch &to);

  const bool with_snapshots_;
  const executor cpu_;
  const std::vector<export_column> columns_;
  std::optional<changed_files> pieces_;  ///< null: none are left
  std::size_t next_row_ = 0;
};

}  // namespace evodb
