#pragma once

#include "base/bytes.h"
#include "model/snapshot.h"
#include "table/table_context.h"

namespace evodb {

/// The manifest list of `made`: its own manifests and those of its parent that hold files, as they become `listed`; `made`
/// gets the number of row ids that it takes (version 3).
bytes encode_manifest_list(const manifest_files &own, const manifest_files &parents, int format_version, snapshot &made,
                           manifest_files &listed);

}  // namespace evodb
