#pragma once

#include <cstdint>

#include "table/table.h"

namespace evodb {

/// The main branch is at an earlier snapshot again. Throws NOT_FOUND. Committed only while the branch is where it is in
/// `of`.
table roll_back(const table &of, std::int64_t snapshot_id);

}  // namespace evodb
