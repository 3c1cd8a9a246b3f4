#pragma once

#include <string>
#include <string_view>

#include "table/table.h"

namespace evodb {

/// Where the data files of one table are (data_file_location), for many files: once one that lies below the table's
/// folder has passed, the characters of another one's name there decide. Exclusive.
class file_locations {
 public:
  file_locations(table of, bool allow_outside);
  /// Throws as data_file_location does.
  std::string find(std::string_view path);

 private:
  table table_;
  bool allow_outside_;
  std::string folder_;  // the table's, with its slash
  bool is_folder_checked_ = false;
};

}  // namespace evodb
