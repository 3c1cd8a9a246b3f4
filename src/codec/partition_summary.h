#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "model/data_files.h"
#include "model/manifest_file.h"

namespace evodb {

/// Gathers a manifest's field summaries (spec, "Manifest Lists"): over the files added, one partition column. NaN is
/// never a bound.
class partition_summary {
 public:
  /// Both must outlive the summary.
  partition_summary(const value_column &column, byte_view arena);
  void add(std::size_t row);
  field_summary finish() const;

 private:
  bool is_below(std::size_t a, std::size_t b) const;

  const value_column &column_;
  byte_view arena_;
  value_column::storage storage_;
  bool contains_null_ = false;
  bool contains_nan_ = false;
  std::optional<std::size_t> least_;  // rows
  std::optional<std::size_t> most_;
};

}  // namespace evodb
