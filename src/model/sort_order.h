#pragma once

#include <cstdint>
#include <vector>

#include "model/transform.h"

namespace evodb {

struct sort_field {
  evodb::transform transform;
  std::vector<std::int32_t> source_ids;
  bool descending = false;
  bool nulls_last = false;
  bool operator==(const sort_field &) const = default;
};

/// Order 0 is "unsorted" and has no fields.
struct sort_order {
  std::int32_t order_id = 0;
  std::vector<sort_field> fields;
  bool operator==(const sort_order &) const = default;
};

}  // namespace evodb
