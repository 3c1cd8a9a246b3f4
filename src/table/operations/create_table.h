#pragma once

#include <memory>

#include "model/partition_spec.h"
#include "model/schema.h"
#include "model/snapshot.h"
#include "table/table.h"

namespace evodb {

/// A table that is not there yet, at the context's location, which is absolute. Throws INVALID_ARGUMENT.
table create_table(std::shared_ptr<table_context> context, const schema &columns, const partition_spec &spec,
                   int format_version, const string_pairs &properties);

}  // namespace evodb
