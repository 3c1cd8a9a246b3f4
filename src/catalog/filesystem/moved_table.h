#pragma once

#include <optional>

#include "base/error.h"
#include "base/location.h"
#include "model/table_metadata.h"

namespace evodb {

/// Where metadata says that its table is, without a slash at the end; null where that is no location of a store.
std::optional<location> stated_location(const table_metadata &of);

/// What is so of a table whose metadata states another location than the one at which it is: UNSUPPORTED; null where it
/// states that one. Both are compared as they are written.
std::optional<error> why_moved(const location &table, const table_metadata &of);

}  // namespace evodb
