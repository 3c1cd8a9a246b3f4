#pragma once

#include <memory>
#include <string>

#include "table/table.h"

namespace evodb {

struct append_options {
  std::string branch = table_metadata::main_branch;  ///< made at the main branch where it is not there
  bool is_staged = false;         ///< the snapshot is made and no branch moved to it: see cherry_pick
  string_pairs summary;           ///< the caller's properties of the snapshot
  bool check_duplicates = false;  ///< the commit refuses files that the table has by then
};

/// The files beside all that the branch has. Never conflicts with what others change in the table's files. Throws
/// INVALID_ARGUMENT where there are none, or they were made for another table; UNSUPPORTED for tables of format version 1.
table append(const table &to, std::shared_ptr<const table_files> files, append_options options = {});

}  // namespace evodb
