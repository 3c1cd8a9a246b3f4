#pragma once

#include "expression/bound_predicate.h"
#include "expression/predicate.h"
#include "model/schema.h"

namespace evodb {

/// Binds names to the schema's fields and literals to their types.
/// - Numbers beyond a column's range, or between two of its values, are decided by arithmetic for <, <=, >, >= and <>.
/// - A field that is required, as all structs around it, makes IS NULL false and IS NOT NULL true.
/// - A float column takes the nearest float of a number, as in Java.
/// - Of structs, lists and maps it can be tested alone whether they are null.
/// - `nan_is_highest`: as bound_predicate has it.
/// Throws INVALID_FILTER, "at character N" where the predicate came from text, on: unknown columns, columns that lie in
/// lists or maps, literals that are no values of the type, out of its range with = or IN, IS NAN
/// of what is no float, prefixes of what is no string, comparisons of types that have no order.
bound_ptr bind(const predicate_ptr &p, const schema &s, bool nan_is_highest = false);

}  // namespace evodb
