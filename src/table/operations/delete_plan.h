#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expression/predicate.h"
#include "runtime/task.h"
#include "table/table.h"

namespace evodb {

/// A data file that may have rows of a filter.
struct affected_file {
  std::string path;
  bool is_whole = false;  ///< all of its rows match, so that delete_where removes it
  std::int64_t record_count = 0;
};

/// The files that deleting by the filter concerns in the newest committed snapshot of the branch that the value has, in
/// the order of its manifests. Throws INVALID_FILTER; NOT_FOUND where there is no such branch.
task<std::vector<affected_file>> plan_delete(table of, predicate_ptr filter, std::string branch);

}  // namespace evodb
