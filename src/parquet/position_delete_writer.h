#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "model/position_delete_columns.h"
#include "parquet/footer.h"
#include "parquet/page_header.h"

namespace evodb {

/// Builds a Parquet file of position deletes, as version 2 of Iceberg has them: rows (file_path, pos), which ascend. Path by
/// dictionary, positions plain, nothing compressed. Row groups are bounded in rows and in the bytes of their dictionary.
/// Exclusive.
class position_delete_writer {
 public:
  static constexpr std::size_t most_rows_in_group = std::size_t{1} << 20;

  explicit position_delete_writer(std::size_t rows_in_group = most_rows_in_group);

  /// Throws INVALID_ARGUMENT naming the data file unless the row is above the last one and the position is not negative.
  void add(std::string_view file_path, std::int64_t position);

  struct written {
    bytes file;
    parquet_footer footer;
  };
  written finish() &&;

 private:
  void end_group();
  column_chunk write_paths();
  column_chunk write_positions();
  void append_page(page_kind kind, page_encoding encoding, std::size_t value_count, byte_view content);

  const std::size_t rows_in_group_;
  written made_;
  std::string last_path_;
  std::int64_t last_position_ = -1;  ///< of that path
  // The row group that is being filled. The rows of a path are one run, since they ascend.
  std::vector<std::string> paths_;
  std::vector<std::uint64_t> rows_of_paths_;
  std::size_t path_bytes_ = 0;
  std::vector<std::int64_t> positions_;
};

}  // namespace evodb
