#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "codec/deletion_vector.h"
#include "model/data_files.h"

namespace evodb {

/// Rows of one data file that are to be deleted.
struct row_deletes {
  std::string data_file;  ///< its path, as its manifest entry has it
  std::int64_t record_count = data_files::no_value;
  std::vector<value> partition;         ///< its own, which its delete files share
  std::vector<std::int64_t> positions;  ///< in any order; repeated ones count once
  /// What a vector takes in, since there is but one for each data file: the rows of the vector that it replaces, or of
  /// position deletes. Nothing for a file of position deletes.
  deleted_positions earlier;
};

/// A file of deletes, not stored yet, and what a manifest says of it: an entry for each data file.
struct new_delete_file {
  bytes content;
  std::vector<data_file> entries;
};

// Both throw INVALID_ARGUMENT naming the data file: no position, a negative one, one beyond the file's rows.

/// For version 3: the Puffin file of that location, with a deletion vector for each data file. No data file may be there
/// twice. A file for each data file is read by more engines: where there are several vectors, DuckDB 1.5.5 takes one for
/// another.
new_delete_file write_deletion_vectors(const std::string &location, const std::vector<row_deletes> &deletes);

/// For version 2: the Parquet file of that location, with the positions of that data file.
new_delete_file write_position_deletes(const std::string &location, const row_deletes &deletes);

}  // namespace evodb
