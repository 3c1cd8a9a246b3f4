#pragma once

#include <memory>
#include <vector>

#include "expression/bound_predicate.h"
#include "model/partition_spec.h"

namespace evodb {

/// What is left of a predicate for the rows of one partition: leaves that the partition's values decide become TRUE or
/// FALSE. Immutable; any thread may use it. Make one for a predicate and a spec, and ask it once for each distinct
/// partition.
class residual_evaluator {
 public:
  residual_evaluator(bound_ptr rows, const partition_spec &spec);

  /// A predicate equivalent to the given one on all rows of that partition. What is not known of it decides nothing.
  bound_ptr residual_for(const partition_tuple &partition) const;

 private:
  /// A leaf as a partition field sees it.
  struct projection {
    std::size_t position;  // of the field in the spec
    bound_ptr may_match;   // where this does not hold, no row matches
    bound_ptr may_fail;    // where this does not hold, all rows match
  };
  struct node {
    bound_ptr rows;
    std::vector<node> children;
    std::vector<projection> projections;
  };
  static node prepare(const bound_ptr &rows, const partition_spec &spec);
  static bound_ptr decide(const node &n, const partition_tuple &partition);

  node root_;
};

/// The same for a single partition.
bound_ptr residual(const bound_ptr &rows, const partition_spec &spec, const partition_tuple &partition);

}  // namespace evodb
