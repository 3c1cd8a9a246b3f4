#pragma once

#include <memory>
#include <vector>

#include "diagnosis/health_check.h"
#include "model/manifest_file.h"
#include "table/table_context.h"

namespace evodb {

/// How many data files of a snapshot are so small that opening them costs more than reading them. Looks into the largest
/// manifests alone, where there are many.
task<health_check> diagnose_small_files(std::shared_ptr<table_context> of,
                                        std::shared_ptr<const table_metadata> metadata,
                                        std::vector<manifest_file> manifests);

}  // namespace evodb
