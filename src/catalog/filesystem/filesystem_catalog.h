#pragma once

#include <memory>

#include "base/location.h"
#include "catalog/catalog.h"
#include "io/storage.h"

namespace evodb {

/// A table whose truth is which v<N>.metadata.json exist. Committing version N+1 creates that object exclusively: the
/// store lets exactly one writer do so. Nothing is renamed, and the hint is advice only.
std::shared_ptr<catalog> make_filesystem_catalog(std::shared_ptr<const storage> where, location table);

}  // namespace evodb
