#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "arrow/c_data.h"
#include "model/data_files.h"
#include "model/schema.h"

namespace evodb {

/// Data files as a caller gives them in columns. What needs their table is apart.
struct imported_data_files {
  data_files files;                          ///< without paths and partitions
  std::vector<std::string_view> paths;       ///< as the caller wrote them; borrowed
  std::vector<std::string_view> partitions;  ///< JSON, empty if there is none; borrowed

  struct statistic {
    std::size_t row;
    std::int32_t field_id;
  };
  std::optional<statistic> of_no_column;  ///< one of a field that the schema does not have; it is left out
};

/// Reads data files from an Arrow struct array, a row a file: file_path, record_count, file_size_in_bytes, file_format,
/// partition, sort_order_id, split_offsets, what delete files have, and the maps of statistics of the columns of the schema
/// and of position deletes, as
/// evodb_data_files_builder_add_arrow lists them. A null in an optional column says nothing about that file; a null
/// statistic is not known. What is read borrows from the array. Throws INVALID_ARGUMENT naming the column (unknown,
/// missing, of another type, or broken) and the row whose value is wrong; RESOURCE_EXHAUSTED beyond a batch's size.
imported_data_files import_data_files(const ArrowArray &array, const ArrowSchema &described, const schema &columns);

}  // namespace evodb
