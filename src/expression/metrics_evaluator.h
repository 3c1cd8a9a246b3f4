#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expression/bound_predicate.h"
#include "model/data_files.h"

namespace evodb {

/// Decides by the counts and bounds of a batch which files may hold matching rows. Immutable; any thread may use it.
/// Statistics that are missing decide nothing, nor do bounds that are NaN. NaN itself may satisfy >, >=, <> and NOT IN,
/// so such files go only where a count of NaN says that there is none.
class metrics_evaluator {
 public:
  /// `rows` as bind made it, for the schema that the files are read with.
  explicit metrics_evaluator(bound_ptr rows) : rows_(std::move(rows)) {}

  /// Clears keep[row] of the files that cannot match; one entry for each file. Files without rows match nothing but
  /// TRUE. Throws CORRUPT naming the file where a bound is no value of its column's type.
  void evaluate(const data_files &files, std::vector<std::uint8_t> &keep) const;
  /// Why the file is not kept: which test, on which field, with which values. Empty where it is.
  std::string reason(const data_files &files, std::size_t row) const;

 private:
  bound_ptr rows_;
};

}  // namespace evodb
