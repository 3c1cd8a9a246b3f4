#pragma once

#include "model/transform.h"

namespace evodb {

/// Whether a transform gives the same partition value for a date and for its midnight. Otherwise a column that a partition
/// field has as its source is not promoted from date to timestamp.
inline bool is_same_of_midnight(const transform &t) noexcept {
  return t.kind == transform::kind::year || t.kind == transform::kind::month || t.kind == transform::kind::day ||
         t.kind == transform::kind::void_;
}

}  // namespace evodb
