#pragma once

#include <vector>

#include "io/object_store.h"

namespace evodb {

/// Answers `options` from all objects there are, in any order; those outside of the prefix are left out. An object
/// whose key ends with the delimiter behind the prefix counts as a common prefix.
listing make_listing(std::vector<object_meta> candidates, const list_options &options);

}  // namespace evodb
