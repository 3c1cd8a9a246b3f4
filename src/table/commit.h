#pragma once

#include "runtime/task.h"
#include "table/table.h"

namespace evodb {

/// Makes a value's changes durable as one new version and gives the committed table. A race that is lost is run again
/// on the new base; a change is never applied twice, whoever commits it and how often. Throws CONFLICT, ALREADY_EXISTS
/// (create), COMMIT_STATE_UNKNOWN with a token; after any other failure nothing was committed.
task<table> commit(table value);

}  // namespace evodb
