#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "expression/bind.h"
#include "expression/manifest_evaluator.h"
#include "expression/residual.h"
#include "model/manifest_file.h"
#include "model/partition_spec.h"
#include "model/schema.h"

namespace evodb {

/// A scan's filter seen through one partition spec. Shared, immutable.
class spec_pruning {
 public:
  spec_pruning(bound_ptr filter, partition_spec spec, std::shared_ptr<const schema> columns);

  const partition_spec &spec() const noexcept { return spec_; }
  const schema &columns() const noexcept { return *columns_; }
  const bound_ptr &filter() const noexcept { return filter_; }
  const std::vector<type> &partition_types() const noexcept { return partition_types_; }
  /// The filter over partition fields: holds for every partition that may have a matching row.
  const bound_ptr &projected() const noexcept { return projected_; }
  const manifest_evaluator &summaries() const noexcept { return summaries_; }
  /// What is left of the filter within one partition.
  const residual_evaluator &residuals() const noexcept { return residuals_; }

 private:
  bound_ptr filter_;
  partition_spec spec_;
  std::shared_ptr<const schema> columns_;
  std::vector<type> partition_types_;
  bound_ptr projected_;
  manifest_evaluator summaries_;
  residual_evaluator residuals_;
};

}  // namespace evodb
