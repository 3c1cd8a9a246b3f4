#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/partition_check.h"
#include "parquet/file_column.h"
#include "parquet/footer.h"

namespace evodb {

/// What the footer says of one leaf over all row groups: counts that every row group has, and bounds that are whole values
/// of the file, not cut.
struct column_summary : column_facts {
  std::int64_t compressed_size = 0;  ///< bytes
};

/// Throws CORRUPT naming file and column where the sizes or counts contradict the file or each other. Statistics that
/// cannot be true, or that are ordered in a way that is not known, are passed over.
column_summary summarise(const parquet_footer &footer, const file_column &leaf, std::int64_t file_size,
                         std::string_view file);

/// Whether the column itself, where what holds it is present, may be null in some row, as far as the footer tells.
bool may_be_null(const parquet_footer &footer, const file_column &column);

}  // namespace evodb
