#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "codec/manifest_reader.h"
#include "expression/predicate.h"
#include "model/table_metadata.h"
#include "table/file_changes.h"
#include "table/manifests/spec_prunings.h"

namespace evodb {

/// Files by what rows they may hold: those of a filter, or those of certain partitions. One thread at a time.
class file_matcher {
 public:
  /// A null filter: all rows. NaN are taken to be above all numbers and below none, whichever a reader might see. Throws
  /// INVALID_FILTER where the filter does not fit the current schema. `of` must outlive this, as below.
  static file_matcher with_rows_of(const predicate_ptr &filter, const table_metadata &of);
  /// Files in the same partitions, and of the same spec, as these.
  static file_matcher in_partitions_of(const table_files &files, const table_metadata &of);

  /// By the manifest list alone.
  bool may_be_in(const manifest_file &listed);
  const std::shared_ptr<const spec_pruning> &pruning(std::int32_t spec_id) { return prunings_.of(spec_id); }
  /// What has to be read of a manifest.
  manifest_columns_wanted wanted() const;
  /// Clears keep[row] of the files that have no such rows; one entry for each file.
  void keep_possible(const data_files &files, std::vector<std::uint8_t> &keep);
  /// Clears keep[row] of the files that may have other rows, too. Of delete files only their partition tells.
  void keep_covered(const data_files &files, std::vector<std::uint8_t> &keep);

 private:
  file_matcher(const table_metadata &of, bound_ptr filter)
      : columns_(of.current_schema()),
        has_many_specs_(of.partition_specs.size() > 1),
        prunings_(of, std::move(filter)) {}
  /// Equality deletes that apply to files of every partition, and of other specs.
  bool is_global(const data_files &files, std::size_t row);

  std::shared_ptr<const schema> columns_;
  bool has_many_specs_;
  spec_prunings prunings_;
  std::optional<std::set<bytes>> partitions_;  ///< by spec_partition_key; null: the filter counts
};

}  // namespace evodb
