#pragma once

#include <string>

#include "expression/bound_predicate.h"
#include "model/manifest_file.h"
#include "model/partition_spec.h"

namespace evodb {

/// Decides by a manifest list's partition summaries which manifests may hold files of a projected predicate. Immutable;
/// any thread may use it.
class manifest_evaluator {
 public:
  /// `projected` as project_inclusive made it for `spec`.
  manifest_evaluator(bound_ptr projected, const partition_spec &spec);

  /// True also where summaries are missing, or are not as many as the fields. Throws CORRUPT naming the manifest where a bound is no value of its type.
  bool may_match(const manifest_file &manifest) const;
  /// Why it does not: which test, on which field, with which values. Empty where it may match.
  std::string reason(const manifest_file &manifest) const;

 private:
  std::size_t position_of(const bound_predicate &leaf) const noexcept;  // among the fields and so among the summaries
  bool leaf_may_match(const bound_predicate &leaf, const manifest_file &manifest) const;
  std::string leaf_reason_of(const bound_predicate &leaf, const manifest_file &manifest) const;

  bound_ptr projected_;
  std::vector<partition_field> fields_;
};

}  // namespace evodb
