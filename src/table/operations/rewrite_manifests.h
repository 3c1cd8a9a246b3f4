#pragma once

#include "table/operations/file_operation.h"

namespace evodb {

/// The table with the same files in fewer manifests, each of which holds few partitions. Never conflicts: what is committed
/// first is rewritten with the rest. Manifests of delete files stay as they are.
table rewrite_manifests(const table &of, const file_operation_options &options);

}  // namespace evodb
