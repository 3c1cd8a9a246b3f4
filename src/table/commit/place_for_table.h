#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/location.h"
#include "io/storage.h"
#include "runtime/task.h"

namespace evodb {

/// What makes a folder no place for a table: each of two tables of which one lies in the other takes the other's files
/// for left-overs. Sentences, each on one thing: another table's metadata in the folder itself, a table (also one of Delta
/// Lake or Hudi) there, in one of the four folders around it, or one or two levels below. Versions of a file-system table
/// in the folder itself are no obstacle here: the commit finds those.
///
/// Some 20 requests, eight at a time, and one for each of up to 12 folders below; nothing beyond the storage's root, and
/// what may not be looked at is left out.
task<std::vector<std::string>> find_obstacles(std::shared_ptr<const storage> where, location place);

/// Throws INVALID_ARGUMENT with the first of them.
task<> require_free_place(std::shared_ptr<const storage> where, location place);

}  // namespace evodb
