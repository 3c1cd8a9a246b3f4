#pragma once

#include <string_view>

#include "parquet/column_summary.h"

namespace evodb {

/// Throws UNSUPPORTED naming file and column, with the way out, where the footer shows values that some engine fails on or
/// reads as others (Iceberg Java, PyIceberg and DuckDB, tried with each): unsigned integers from 2^31 on (here what the
/// footer does not say counts as such), text that is not UTF-8, times beyond a day, timestamps beyond 64 bits of
/// microseconds.
void check_portable_values(const parquet_footer &footer, const file_column &leaf, const column_summary &summary,
                           std::string_view file);

}  // namespace evodb
