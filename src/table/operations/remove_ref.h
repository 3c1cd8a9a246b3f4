#pragma once

#include <string>

#include "table/table.h"

namespace evodb {

/// The table without a branch or tag; its snapshots stay until they expire. Throws NOT_FOUND, and INVALID_ARGUMENT for
/// main. Committed only while the ref is where it is in `of`.
table remove_ref(const table &of, std::string name);

}  // namespace evodb
