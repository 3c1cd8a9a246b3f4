#pragma once

#include <string_view>

#include "base/growing_index.h"
#include "table/file_changes.h"

namespace evodb {

/// The paths of the files that a table value adds. A plain value, so that each operation costs what it adds.
class added_paths {
 public:
  /// Throws ALREADY_EXISTS naming a file that is there already, or is given twice. The files must live as long as this.
  void add(const table_files &files);

 private:
  growing_index<std::string_view> by_hash_;
};

}  // namespace evodb
