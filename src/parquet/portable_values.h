#pragma once

#include <string_view>

#include "parquet/file_column.h"

namespace evodb {

/// Throws UNSUPPORTED naming file and column, with the way out, where the footer shows values that some engine fails on
/// (Iceberg Java, PyIceberg and DuckDB, tried with each): text that is not UTF-8, times beyond a day, timestamps beyond 64
/// bits of microseconds.
void check_portable_values(const parquet_footer &footer, const file_column &leaf, std::string_view file);

}  // namespace evodb
