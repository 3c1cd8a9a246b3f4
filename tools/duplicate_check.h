#pragma once

#include <string>
#include <vector>

#include "session.h"

namespace tool {

/// A file that is to be appended.
struct candidate {
  std::string given;  ///< as it was typed
  std::string path;   ///< absolute, or a URI
  bool is_copied;     ///< from the local file system into the table's folder, under a new name
};

/// Throws ALREADY_EXISTS naming the first candidate to be copied that has the content of a file of the branch (empty: main;
/// one that is not there begins at main).
void refuse_duplicate_content(const session &library, const table_handle &table, const std::string &branch,
                              const std::vector<candidate> &candidates);

}  // namespace tool
