#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "session.h"

namespace tool {

/// A file that a command would remove, or of which it would have to.
struct removed_file {
  std::string path;
  bool is_whole = true;
  std::int64_t record_count = -1;
};

/// Those that may have rows of the filter; of each whether all of its rows match.
std::vector<removed_file> files_with_rows_of(const session &library, const table_handle &table,
                                             const std::string &filter, const std::string &branch);
/// Those that are named, with their counts as far as they are in the table.
std::vector<removed_file> named_files(const session &library, const table_handle &table,
                                      const std::vector<std::string> &paths, const std::string &branch);
/// A row for each: file_path, whole, record_count.
void print_removed(const std::vector<removed_file> &files, bool as_json);
/// "3 files with 30 rows"
std::string summary_of(const std::vector<removed_file> &files);

}  // namespace tool
