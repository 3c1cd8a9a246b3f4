#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "table/scan/planned_files.h"

namespace evodb {

/// One file of a plan in the words of its users. Texts end with a NUL and live until it moves on; what is not asked for is
/// not made. Without a file: empty texts and -1. One thread at a time.
class file_row {
 public:
  file_row() = default;
  /// To the i-th of `files`. Throws as finding its delete files does, and stays where it was.
  void move_to(const std::shared_ptr<planned_files> &files, std::size_t i);

  std::string_view file_path() const;
  std::string_view file_format() const;
  std::int64_t record_count() const { return files_ ? files_->columns().record_counts[at_] : -1; }
  std::int64_t file_size_in_bytes() const { return files_ ? files_->columns().file_sizes[at_] : -1; }
  std::int32_t spec_id() const { return files_ ? files_->pruning->spec().spec_id : -1; }
  std::string_view partition_json() const { return files_ ? files_->partition_json(i_) : std::string_view(); }
  std::string_view partition_path() const { return files_ ? files_->partition_path(i_) : std::string_view(); }
  std::int64_t data_sequence_number() const { return files_ ? files_->entries.sequence_number(at_) : -1; }
  std::span<const std::int64_t> split_offsets() const;
  std::string_view residual() const { return files_ ? files_->residual(i_) : std::string_view(); }
  /// Those that apply to it.
  std::span<const delete_file> deletes() const noexcept { return deletes_; }
  /// Texts of the i-th of these; empty where there is none.
  std::string_view delete_path(std::size_t i) const;
  std::string_view delete_referenced_data_file(std::size_t i) const;

 private:
  std::shared_ptr<planned_files> files_;
  std::size_t i_ = 0;
  std::size_t at_ = 0;  ///< in the manifest
  std::vector<delete_file> deletes_;
  mutable std::string path_;  ///< of this file once it is asked for
  mutable std::unordered_map<std::size_t, std::string> delete_paths_, referenced_;  ///< of these, the same
};

/// A file's split offsets, by its row in the manifest.
std::span<const std::int64_t> split_offsets_of(const data_files &files, std::size_t row);

}  // namespace evodb
