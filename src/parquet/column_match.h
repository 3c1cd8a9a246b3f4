#pragma once

#include <string_view>
#include <vector>

#include "model/name_mapping.h"
#include "model/partition_spec.h"
#include "model/schema.h"
#include "parquet/file_column.h"

namespace evodb {

/// What becomes of columns that the table does not have.
enum class extra_columns { refuse, ignore };

/// A file's column and the table's field that it holds the values of.
struct matched_column {
  const field *table_field;   ///< of the schema
  const file_column *column;  ///< of the columns given
};

/// Matches columns to the table's fields at each level, parents before children: by name where there is a `mapping`,
/// otherwise by field id. Throws INCOMPATIBLE_SCHEMA naming file, column and types where
///   - a column's type is neither the field's nor one that every reader promotes to it (int to long, float to double, a
///   wider decimal; 16
///     bytes without a logical type are a uuid);
///   - two columns are one field, or a column is no field of the table and extra columns are refused;
///   - a required field without an initial default is absent, unless it is an identity source of the spec, for then the
///   partition has it.
std::vector<matched_column> match_columns(const std::vector<file_column> &columns, const schema &s,
                                          const name_mapping *mapping, const partition_spec &spec, extra_columns extras,
                                          std::string_view file);

}  // namespace evodb
