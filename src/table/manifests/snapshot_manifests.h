#pragma once

#include <cstdint>
#include <memory>

#include "model/snapshot.h"
#include "runtime/task.h"
#include "table/table_context.h"

namespace evodb {

inline constexpr std::int64_t largest_manifest_list_bytes = std::int64_t{1} << 30;

/// The manifests of a snapshot, from storage or from the list that the context keeps; of none: nothing. Version 1 could name
/// them in the metadata: as Iceberg Java takes those, they are of data files in partition spec 0, and all else of them is not
/// known.
task<std::shared_ptr<const manifest_files>> manifests_of(table_context &context, std::shared_ptr<const snapshot> of);

}  // namespace evodb
