#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/value.h"
#include "parquet/file_column.h"
#include "parquet/footer.h"

namespace evodb {

/// What the footer says of one leaf over all row groups.
struct column_summary {
  std::int64_t compressed_size = 0;                   ///< bytes
  std::int64_t value_count = 0;                       ///< nulls included
  std::optional<std::int64_t> null_count, nan_count;  ///< known only if every row group knows
  /// Values of the column's own type: every value but null and NaN lies between them, the whole ones that the file has,
  /// not cut. Null where the file does not say, or has no such value.
  std::optional<value> lower, upper;

  bool is_all_null() const noexcept { return null_count == value_count; }
};

/// Throws CORRUPT naming file and column where the sizes or counts contradict the file or each other. Statistics that
/// cannot be true, or that are ordered in a way that is not known, are passed over.
column_summary summarise(const parquet_footer &footer, const file_column &leaf, std::int64_t file_size,
                         std::string_view file);

/// Whether the column itself, where what holds it is present, may be null in some row, as far as the footer tells.
bool may_be_null(const parquet_footer &footer, const file_column &column);

}  // namespace evodb
