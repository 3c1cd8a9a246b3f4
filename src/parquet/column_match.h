#pragma once

#include <memory>
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

/// What a table's files have to be like. What it refers to must outlive it.
struct file_rules {
  const schema &columns;
  const std::vector<std::shared_ptr<const schema>>
      &earlier;                 ///< schemas that files of the table may have been written by
  const name_mapping *mapping;  ///< null: the one that the table is to get
  const partition_spec &spec;
  extra_columns extras = extra_columns::refuse;
};

/// Matches columns to the table's fields at each level, parents before children: by name where there is a `mapping`,
/// which is not the rules', otherwise by field id. Throws INCOMPATIBLE_SCHEMA naming file, column and types where
///   - a column's type is neither the field's nor one that every reader promotes to it (int to long, float to double, a
///     wider decimal);
///   - two columns are one field, or a column is no field of the table and extra columns are refused;
///   - a column has one field's id and the name of another, and no earlier schema called the field so;
///   - a required field without an initial default is absent, unless it is a column of which the spec has the identity:
///     then the partition has its value, or derive_partition refuses the file.
std::vector<matched_column> match_columns(const std::vector<file_column> &columns, const file_rules &rules,
                                          const name_mapping *mapping, std::string_view file);

}  // namespace evodb
