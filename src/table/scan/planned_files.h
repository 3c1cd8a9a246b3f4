#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/inherited_entries.h"
#include "table/manifests/spec_pruning.h"
#include "table/scan/delete_index.h"

namespace evodb {

/// Some files of a plan: rows of one manifest. What depends on a file's partition alone is made once for each partition, and
/// its texts not before they are asked for. One thread at a time.
class planned_files {
 public:
  inherited_entries entries;
  std::shared_ptr<const spec_pruning> pruning;
  std::vector<std::uint32_t> rows;
  std::shared_ptr<const delete_index> deletes;  ///< null where the snapshot has none

  /// Must be called before residuals are asked for; they are as many as there are distinct partitions.
  void find_residuals();

  const data_files &columns() const noexcept { return entries->files; }
  /// What of the filter is left for the i-th of `rows`. Lives as long as this.
  const std::string &residual(std::size_t i) const noexcept {
    return residuals_.size() == 1 ? residuals_.front() : residuals_[partition_of_[i]];
  }
  /// As partition_spec::partition_path has it.
  const std::string &partition_path(std::size_t i);
  /// Partition field name to JSON single value.
  const std::string &partition_json(std::size_t i);
  /// Appends the delete files that apply to the i-th of `rows`, which live as long as `deletes`. Throws as delete_index does.
  void find_deletes(std::size_t i, std::vector<delete_file> &into) const {
    if (deletes) deletes->find(entries, rows[i], into);
  }

 private:
  void group_by_partition();
  std::optional<std::string> &text_for(std::vector<std::optional<std::string>> &texts, std::size_t i);
  partition_tuple partition(std::size_t i) const { return columns().partition(rows[i]); }

  std::vector<std::string> residuals_;       ///< one, or one for each partition
  std::vector<std::uint32_t> partition_of_;  ///< for each of `rows`, which of the partitions; empty: not grouped yet
  std::vector<std::uint32_t> first_of_;      ///< for each partition, the place of a file in `rows`
  std::vector<std::optional<std::string>> paths_, jsons_;  ///< for each partition
};

struct plan_counts {
  std::int64_t manifests = 0, manifests_skipped_by_summary = 0;
  std::int64_t files = 0, files_skipped_by_partition = 0, files_skipped_by_bounds = 0, files_kept = 0;

  plan_counts &operator+=(const plan_counts &other) noexcept;
};

/// Why a manifest or a file is read or not.
struct explanation {
  bool is_manifest = false;
  std::string path;
  bool is_kept = false;
  std::string reason;
};

}  // namespace evodb
