#pragma once

#include <memory>

#include "base/location.h"
#include "catalog/catalog.h"
#include "io/storage.h"

namespace evodb {

/// One metadata file as a table that can be read but not committed to.
std::shared_ptr<catalog> make_metadata_file_catalog(std::shared_ptr<const storage> where, location metadata_file);

}  // namespace evodb
