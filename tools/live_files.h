#pragma once

#include <string>
#include <vector>

#include "session.h"

namespace tool {

/// A file that is to be appended.
struct candidate {
  std::string given;  ///< as it was typed
  std::string path;   ///< absolute, or a URI
  bool is_copied;     ///< from this machine into the table's folder, under a new name
};

/// Throws ALREADY_EXISTS naming the first candidate to be copied whose content a file of the table has.
void refuse_live_content(const session &library, const table_handle &table, const std::vector<candidate> &candidates);

}  // namespace tool
