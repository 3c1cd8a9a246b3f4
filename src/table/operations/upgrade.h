#pragma once

#include "table/table.h"

namespace evodb {

/// The table with a higher format version. Nothing of what it holds is written again: files and manifests of the older
/// versions stay as they are. Of a table that has the version already, or gets it before this is committed, nothing
/// changes. Throws INVALID_ARGUMENT for a lower version and for one that does not exist, UNSUPPORTED for an old
/// table without a table-uuid.
table upgrade(const table &of, int format_version);

}  // namespace evodb
