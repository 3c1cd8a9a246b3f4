#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace evodb {

/// Stands where a sequence number is given by the commit: entries that a manifest adds inherit it.
inline constexpr std::int64_t unassigned_sequence_number = -1;

enum class manifest_content : std::uint8_t { data = 0, deletes = 1 };

/// Over all files of a manifest, one partition field. Bounds are single-value bytes of the field's result type.
struct field_summary {
  bool contains_null = false;
  std::optional<bool> contains_nan;
  std::optional<bytes> lower_bound;
  std::optional<bytes> upper_bound;
  bool operator==(const field_summary &) const = default;
};

/// One row of a manifest list (spec, "Manifest Lists"). Counts may be null, as in lists of version 1: null means
/// "perhaps some".
struct manifest_file {
  static constexpr std::int64_t unknown_length = -1;

  std::string manifest_path;         ///< absolute
  std::int64_t manifest_length = 0;  ///< bytes; unknown_length where the list does not say
  std::int32_t partition_spec_id = 0;
  manifest_content content = manifest_content::data;
  std::int64_t sequence_number = 0;
  std::int64_t min_sequence_number = 0;
  std::int64_t added_snapshot_id = 0;
  std::optional<std::int32_t> added_files_count, existing_files_count, deleted_files_count;
  std::optional<std::int64_t> added_rows_count, existing_rows_count, deleted_rows_count;
  std::vector<field_summary> partitions;  ///< empty when the list has none
  std::optional<bytes> key_metadata;
  std::optional<std::int64_t> first_row_id;

  bool has_live_files() const noexcept {
    return added_files_count.value_or(1) != 0 || existing_files_count.value_or(1) != 0;
  }
  /// As far as they are counted.
  std::int64_t live_files() const noexcept {
    return std::int64_t{added_files_count.value_or(0)} + existing_files_count.value_or(0);
  }
  bool operator==(const manifest_file &) const = default;
};

}  // namespace evodb
