#pragma once

#include <string_view>
#include <vector>

#include "model/schema.h"
#include "parquet/file_column.h"
#include "parquet/footer.h"

namespace evodb {

/// Whether the columns have field ids. Throws INCOMPATIBLE_SCHEMA naming a column without one where others have theirs.
bool has_field_ids(const std::vector<file_column> &columns, std::string_view file);

/// The file's columns as a schema's fields, with the file's field ids, or 0 throughout where it has none. What a
/// field's type is, columns_of says, and throws what it throws.
std::vector<field> to_iceberg_fields(const parquet_footer &footer, std::string_view file);

}  // namespace evodb
