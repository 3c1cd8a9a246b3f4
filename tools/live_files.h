#pragma once

#include <string>
#include <vector>

#include "session.h"

namespace tool {

/// A file that is to be appended.
struct candidate {
  std::string given;     ///< as it was typed
  std::string path;      ///< absolute
  bool is_copied;        ///< into the table's folder, under a new name
  bool is_checked;       ///< for being in the table already
  std::string location;  ///< as the table would refer to it where it is
};

/// Throws ALREADY_EXISTS naming the first checked candidate that the table has: under the same location, or, where it is
/// to be copied, with the same content.
void refuse_live_files(const session &library, const table_handle &table, const std::vector<candidate> &candidates);

}  // namespace tool
