#pragma once

#include "expression/bound_predicate.h"
#include "model/partition_spec.h"

namespace evodb {

/// What a predicate on rows says of their partition (spec, "Scan Planning"): whatever row matches `rows`, its
/// partition's values match the result. The leaves' field ids are those of partition fields, their types the
/// transforms' results. Columns that no field is made of, and unknown, void and multi-argument transforms, give TRUE.
/// Java up to 0.10 wrote years, months, days and hours before 1970 one too high; such values match too.
bound_ptr project_inclusive(const bound_ptr &rows, const partition_spec &spec);

/// The same for one leaf and one field of the spec, null where the field says nothing of it.
bound_ptr project_leaf(const bound_predicate &leaf, const partition_field &field);

}  // namespace evodb
