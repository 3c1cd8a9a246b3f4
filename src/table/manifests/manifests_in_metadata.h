#pragma once

#include "model/snapshot.h"
#include "table/table_context.h"

namespace evodb {

/// The manifests of a snapshot without a manifest list: version 1 could name them in the metadata. As Iceberg Java takes
/// them: of data files, in partition spec 0; all else is not known.
manifest_files manifests_in_metadata(const snapshot &of);

}  // namespace evodb
