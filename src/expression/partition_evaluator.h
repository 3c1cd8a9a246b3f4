#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expression/bound_predicate.h"
#include "model/data_files.h"
#include "model/partition_spec.h"

namespace evodb {

/// Decides by the partition columns of a batch which files may hold matching rows. Immutable; any thread may use it.
class partition_evaluator {
 public:
  /// `projected` as project_inclusive made it for `spec`, the batch's.
  partition_evaluator(bound_ptr projected, const partition_spec &spec)
      : projected_(std::move(projected)), fields_(spec.fields) {}

  /// Clears keep[row] of the files that cannot match; one entry for each file. Fields that the batch does not have, and
  /// values that are not known, keep all.
  void evaluate(const data_files &files, std::vector<std::uint8_t> &keep) const;
  /// Why the file is not kept. Empty where it is.
  std::string reason(const data_files &files, std::size_t row) const;

 private:
  bound_ptr projected_;
  std::vector<partition_field> fields_;
};

}  // namespace evodb
