#pragma once

#include <string>
#include <vector>

#include "model/snapshot.h"
#include "table/table.h"

namespace evodb {

/// Throws INVALID_ARGUMENT or UNSUPPORTED naming a property that is not the caller's, or that a table here cannot have.
table set_properties(const table &of, string_pairs set, std::vector<std::string> removed);

}  // namespace evodb
