#pragma once

#include <cstdint>
#include <vector>

#include "catalog/catalog.h"
#include "diagnosis/health_check.h"
#include "model/manifest_file.h"

namespace evodb {

/// What a version of a table says of its health: its time, its size, its history, its properties. `now_ms` is the
/// store's clock as far as it is known.
health_checks diagnose_metadata(const table_version &of, std::int64_t now_ms);

/// What the manifest list of the current snapshot says.
health_checks diagnose_manifests(const std::vector<manifest_file> &manifests);

}  // namespace evodb
