#include "parquet/schema.h"

#include <fmt/format.h>

#include "base/error.h"

namespace evodb {
namespace {

struct id_census {
  const file_column *with = nullptr;
  const file_column *without = nullptr;

  void count(const std::vector<file_column> &columns) {
    for (const file_column &column : columns) {
      (column.field_id ? with : without) = &column;
      count(column.children);
    }
  }
};

}  // namespace

bool has_field_ids(const std::vector<file_column> &columns, std::string_view file) {
  id_census census;
  census.count(columns);
  if (census.with && census.without)
    fail(status::INCOMPATIBLE_SCHEMA,
         fmt::format("column {} of {} has no field id, but column {} has", census.without->full_name, file,
                     census.with->full_name),
         std::string(file));
  return census.with != nullptr;
}

std::vector<field> to_iceberg_fields(const parquet_footer &footer, std::string_view file) {
  const std::vector<file_column> columns = columns_of(footer, file);
  has_field_ids(columns, file);
  std::vector<field> fields;
  for (const file_column &column : columns) fields.push_back(column.to_field());
  return fields;
}

}  // namespace evodb
