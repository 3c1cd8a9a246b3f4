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
/// Those of a partition spec.
std::vector<removed_file> files_of_spec(const session &library, const table_handle &table, std::int32_t spec_id,
                                        const std::string &branch);
/// Those that are named. Throws failure (NOT_FOUND) naming one that is not in the table.
std::vector<removed_file> named_files(const session &library, const table_handle &table,
                                      const std::vector<std::string> &paths, const std::string &branch);
/// A row for each: file_path, whole, record_count.
void print_removed(const std::vector<removed_file> &files, bool as_json);
/// Whether all rows of each match, so that they can be removed.
bool are_whole(const std::vector<removed_file> &files);
/// "3 files with 30 rows"
std::string summary_of(const std::vector<removed_file> &files);

}  // namespace tool
