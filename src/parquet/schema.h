#pragma once

#include <string_view>
#include <vector>

#include "model/schema.h"
#include "parquet/file_column.h"
#include "parquet/footer.h"

namespace evodb {

/// Whether the columns have field ids. Throws INCOMPATIBLE_SCHEMA naming the column where some have none, or ids are
/// negative or one for two columns: other engines find nothing under such ids.
bool has_field_ids(const std::vector<file_column> &columns, std::string_view file);

/// The file's columns as a schema's fields, with the file's field ids, or 0 throughout where it has none. What a
/// field's type is, columns_of says, and throws what it throws. Columns that not every engine can read are refused
/// (check_portable), and so is a field id of 0: ids of new tables begin at 1.
std::vector<field> to_iceberg_fields(const parquet_footer &footer, std::string_view file);

}  // namespace evodb
