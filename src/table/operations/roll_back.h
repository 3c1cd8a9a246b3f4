#pragma once

#include <cstdint>
#include <string>

#include "table/table.h"

namespace evodb {

/// The main branch is at another snapshot: mostly an earlier one, but any of the table's will do (Iceberg's rollbackTo and
/// setCurrentSnapshot). Throws NOT_FOUND. Committed only while the branch is where it is in `of`.
table roll_back(const table &of, std::int64_t snapshot_id);

/// A branch is at the newest of its head's line, the head among it, that was made at the time or before. Throws NOT_FOUND
/// without such a snapshot or branch, INVALID_ARGUMENT for a tag. Committed only while the branch is where it is in `of`.
table roll_back_to_time(const table &of, std::string branch, std::int64_t time_ms);

}  // namespace evodb
