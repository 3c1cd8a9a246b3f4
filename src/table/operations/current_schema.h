#pragma once

#include <vector>

#include "model/table_metadata.h"
#include "model/table_update.h"

namespace evodb {

/// Adds what makes a schema the current one: `added` is one of the table's, or comes with the updates so far. The name
/// mapping, if the table has one, follows it. Nothing is added that changes nothing.
void make_current(const table_metadata &base, const schema &added, std::vector<table_update> &updates);

}  // namespace evodb
