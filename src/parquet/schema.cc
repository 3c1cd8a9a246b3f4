#include "parquet/schema.h"

#include <fmt/format.h>

#include <map>
#include <string>

#include "base/error.h"
#include "parquet/portable_columns.h"

namespace evodb {
namespace {

struct id_census {
  std::string_view file;
  std::map<std::int32_t, const file_column *> with;
  const file_column *without = nullptr;

  void count(const std::vector<file_column> &columns) {
    for (const file_column &column : columns) {
      if (column.field_id) {
        check(column);
      } else {
        without = &column;
      }
      count(column.children);
    }
  }

  void check(const file_column &column) {
    if (*column.field_id < 0) fail_column(column, "that is no id: write the file with ids from 1, or without any");
    const auto [first, is_new] = with.emplace(*column.field_id, &column);
    if (!is_new)
      fail_column(column, fmt::format("as column {} has: write the file with an id for each column, or without any",
                                      first->second->full_name));
  }

  [[noreturn]] void fail_column(const file_column &column, std::string_view problem) const {
    fail(status::INCOMPATIBLE_SCHEMA,
         fmt::format("column {} of {} has field id {}, {}", column.full_name, file, *column.field_id, problem),
         std::string(file));
  }
};

id_census take_census(const std::vector<file_column> &columns, std::string_view file) {
  id_census census{file, {}};
  census.count(columns);
  if (!census.with.empty() && census.without)
    fail(status::INCOMPATIBLE_SCHEMA,
         fmt::format("column {} of {} has no field id, but column {} has: write the file with ids for all columns, "
                     "nested ones too, or without any",
                     census.without->full_name, file, census.with.begin()->second->full_name),
         std::string(file));
  return census;
}

}  // namespace

bool has_field_ids(const std::vector<file_column> &columns, std::string_view file) {
  return !take_census(columns, file).with.empty();
}

std::vector<field> to_iceberg_fields(const parquet_footer &footer, std::string_view file) {
  const std::vector<file_column> columns = columns_of(footer, file);
  const id_census census = take_census(columns, file);
  check_portable(footer, columns, !census.with.empty(), file);
  if (const auto zero = census.with.find(0); zero != census.with.end())
    census.fail_column(*zero->second,
                       "and a field id of 0 is not supported in a new table: write the file with ids from 1 or without "
                       "any, or create the table with a schema of its own");
  std::vector<field> fields;
  for (const file_column &column : columns) fields.push_back(column.to_field());
  return fields;
}

}  // namespace evodb
