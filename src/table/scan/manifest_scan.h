#pragma once

#include <vector>

#include "runtime/task.h"
#include "table/scan/plan.h"
#include "table/scan/planned_files.h"

namespace evodb {

/// What a plan takes from one of its sources.
struct scanned_manifest {
  planned_files files;
  plan_counts counts;
  std::vector<explanation> explanations;
};

/// Reads one of the plan's sources and keeps the files that may match. `explains`: gives the reasons, too.
task<scanned_manifest> scan_manifest(const plan &of, const scan_source &from, bool explains);
/// The same of a source that is skipped.
scanned_manifest skip_manifest(const scan_source &from, bool explains);

}  // namespace evodb
