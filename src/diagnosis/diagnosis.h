#pragma once

#include <memory>

#include "diagnosis/health_check.h"
#include "runtime/task.h"
#include "table/table_context.h"

namespace evodb {

/// Whether a table and the place where it lies are fit for use by this library and by other engines, found with few
/// requests, as many for a large table as for a small one. Where the table does not open, the checks that can be made
/// all the same. Writes one object into the table's metadata folder and deletes it again. Of a context that names one
/// metadata file, what that says is checked, and nothing of the place.
///
/// Give it a context of its own: what a process remembers of the table would hide what has become of it. Throws
/// NOT_FOUND when there is no table.
task<health_checks> diagnose(std::shared_ptr<table_context> of);

}  // namespace evodb
