#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "table/scan/scan_stream.h"

namespace evodb {

/// One file of a plan in the words of its users: what the cursors and the Arrow stream give out.
struct file_row {
  std::string file_path;
  std::string file_format;
  std::int64_t record_count = -1;
  std::int64_t file_size_in_bytes = -1;
  std::int32_t spec_id = -1;
  std::string partition_json;  ///< partition field name to JSON single value
  std::string partition_path;
  std::int64_t data_sequence_number = -1;
  std::vector<std::int64_t> split_offsets;
  std::string_view
      residual;  ///< ends with a NUL and lives as long as the files: it may be long, and is theirs in common
};

/// Fills `row` from the i-th of `files`, reusing its strings.
void read_row(const planned_files &files, std::size_t i, file_row &row);

}  // namespace evodb
