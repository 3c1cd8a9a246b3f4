#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/text_cursor.h"
#include "model/schema.h"
#include "model/transform.h"

namespace evodb {

/// A column, or a transform of one, as people write it: "time_hour", "month(time_hour)", "bucket(16, id)".
struct transform_term {
  evodb::transform transform;
  std::int32_t source_id = 0;
};

/// Takes a term. Throws INVALID_ARGUMENT pointing at the character, naming unknown columns and transforms; does not check
/// that the transform takes the column's type. Columns by full name, or in quoted segments: "a.b" is a column whose name
/// has a dot.
transform_term take_transform_term(text_cursor &at, const schema &s);

/// Takes a name behind AS, such as shard or "s.h"; empty if there is no AS.
std::string take_alias(text_cursor &at);

}  // namespace evodb
