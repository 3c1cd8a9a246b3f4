#pragma once

#include <string_view>
#include <vector>

#include "parquet/file_column.h"

namespace evodb {

/// Throws UNSUPPORTED naming file and column, with the way out, where some engine reads a column as another one, as null or
/// not at all (Iceberg Java, PyIceberg, DuckDB and Spark, tried with each): names that are empty, hold a zero byte, are those of metadata columns, or differ from a
/// neighbour's only by case; without field ids lists and maps whose repeated field is not called `list` or
/// `key_value`; types of Arrow that PyIceberg does not have, and field ids of Arrow in a file without ids; pages in
/// compressions or encodings that one of them does not have, or reads wrong; a file without columns. `columns` are the footer's.
void check_portable(const parquet_footer &footer, const std::vector<file_column> &columns, bool have_field_ids,
                    std::string_view file);

}  // namespace evodb
