#pragma once

#include <memory>

#include "diagnosis/health_check.h"
#include "io/storage.h"
#include "runtime/task.h"

namespace evodb {

/// Whether tables that any number of writers commit to are safe in a storage: what doctor asks of a table's place, and
/// what only many requests show, writers that race. The last check, "safe", sums it up. Some hundreds of requests; the
/// objects `.probe-…` that they make in `folder` are deleted again.
task<health_checks> diagnose_storage(std::shared_ptr<const storage> where, location folder);

}  // namespace evodb
