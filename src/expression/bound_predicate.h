#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "expression/predicate.h"
#include "expression/value_ranges.h"
#include "model/type.h"
#include "model/value.h"

namespace evodb {

struct bound_predicate;
using bound_ptr = std::shared_ptr<const bound_predicate>;

/// A predicate over fields by id: of a schema's columns (bind.h) or of a spec's partition values (project.h). There is
/// no not_: it is pushed down to the leaves. Immutable; any thread may read it. Rows whose value is null satisfy none
/// of the comparisons (SQL), though files are kept where a reader might see that otherwise: Iceberg Java lets nulls
/// satisfy <, <=, <> and NOT IN.
struct bound_predicate {
  predicate_kind kind = predicate_kind::always_true;
  std::vector<bound_ptr> children;  ///< of and_ and or_ two or more
  std::int32_t field_id = 0;
  class type type;
  std::string name;             ///< as filter text writes it, quoted where it must be
  std::vector<value> literals;  ///< of the type; ascending and distinct for in and not_in
  /// The leaf was NOT over <, <=, > or >= of a float, and `kind` is the opposite. Who compares as IEEE does finds NaN
  /// there, whichever it was; who puts NaN above all numbers finds it in > and >= alone.
  bool or_nan = false;
  /// Of a float: its reader puts NaN above all numbers. Where it is not known whether there are NaN, there may be some.
  bool nan_is_highest = false;
  value_ranges ranges;  ///< of comparisons: which values match

  bool is_leaf() const noexcept { return kind > predicate_kind::not_; }
};

bound_ptr bound_true();
bound_ptr bound_false();
/// These fold constants: AND with FALSE is FALSE. Children of the same kind are taken in.
bound_ptr bound_and(std::vector<bound_ptr> children);
bound_ptr bound_or(std::vector<bound_ptr> children);
/// Sorts literals and drops doubles; in of one is equal. `leaf.ranges` is computed here.
bound_ptr bound_leaf(bound_predicate leaf);
/// The kind of a predicate's negation.
predicate_kind opposite(predicate_kind kind) noexcept;
/// Makes a leaf that bound_leaf has not finished yet its own negation.
void flip(bound_predicate &leaf);
/// NOT, pushed down to the leaves.
bound_ptr negate(const bound_ptr &p);

/// Filter text that parse_filter reads back to the same predicate; "TRUE" and "FALSE" for the constants.
std::string to_text(const bound_predicate &p);
/// Ascending and distinct.
std::vector<std::int32_t> referenced_fields(const bound_predicate &p);

/// Whether a row with this value of the leaf's field may satisfy the leaf, for whatever reader: one of the orders and
/// equalities in use suffices, and nulls may be seen as Java sees them. A value of a type that does not fit the leaf
/// may.
bool may_match(const bound_predicate &leaf, const value &v);

}  // namespace evodb
