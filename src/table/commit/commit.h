#pragma once

#include <optional>

#include "runtime/task.h"
#include "table/idempotency.h"
#include "table/table.h"

namespace evodb {

/// Makes a value's changes durable and gives the committed table. A race that is lost is run again on the new base; a
/// change is never applied twice, by whichever call it is committed, and however often; with a key, in whichever process and value. Values
/// that wait for one another become one version, each with its own snapshots and its own outcome. Throws CONFLICT,
/// ALREADY_EXISTS (create), IDEMPOTENCY_KEY_OUT_OF_ORDER, COMMIT_STATE_UNKNOWN with a token; after any other failure
/// nothing of it was committed.
task<table> commit(table value, std::optional<idempotency_key> key = std::nullopt);

}  // namespace evodb
