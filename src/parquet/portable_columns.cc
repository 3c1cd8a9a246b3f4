#include "parquet/portable_columns.h"

#include <fmt/format.h>

#include <map>
#include <string>

#include "base/error.h"
#include "parquet/arrow_schema.h"

namespace evodb {
namespace {

std::string without_case(std::string name) {
  for (char &c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

class checker {
 public:
  checker(bool have_field_ids, std::string_view file) : have_field_ids_(have_field_ids), file_(file) {}

  /// `are_top_level`: DuckDB finds those by field id, if they have one, but the fields of structs by name.
  void check(const std::vector<file_column> &columns, bool are_top_level) const {
    std::map<std::string, const file_column *> by_name;
    for (const file_column &column : columns) {
      if (column.name.empty()) fail_column("its name is empty: name it", column);
      if (column.name.find('\0') != std::string::npos)
        fail_column("its name holds a zero byte, which DuckDB takes for the end: rename it", column);
      const auto [other, is_first] = by_name.emplace(without_case(column.name), &column);
      if (!is_first && column.name == other->second->name) fail_column("two columns have this name", column);
      if (!is_first && !(are_top_level && have_field_ids_))
        fail_column(fmt::format("DuckDB takes it for {}, which differs by case alone: rename one{}",
                                other->second->full_name, are_top_level ? ", or write the file with field ids" : ""),
                    column);
      check_layout(column);
      check(column.children, false);
    }
  }

 private:
  [[noreturn]] void fail_column(std::string_view problem, const file_column &column) const {
    fail(status::UNSUPPORTED, fmt::format("column {} of {}: {}", column.full_name, file_, problem), std::string(file_));
  }

  void check_layout(const file_column &column) const {
    const bool is_list = column.type.is(type_kind::list);
    if (have_field_ids_ || !(is_list || column.type.is(type_kind::map))) return;
    const std::string_view expected = is_list ? "list" : "key_value";
    const std::string &found = column.node->children.front().name;
    if (found == expected) return;
    fail_column(fmt::format("a {} whose repeated field is called {}, which DuckDB finds nothing in: call it {} (Spark: "
                            "spark.sql.parquet.writeLegacyFormat=false), or write the file with field ids",
                            is_list ? "list" : "map", found, expected),
                column);
  }

  bool have_field_ids_;
  std::string_view file_;
};

void check_arrow_types(const parquet_footer &footer, std::string_view file) {
  for (const arrow_column &column : arrow_columns_unknown_to_pyiceberg(footer)) {
    fail(
        status::UNSUPPORTED,
        fmt::format(
            "column {} of {}: Arrow's {} (in the file's ARROW:schema), which PyIceberg cannot read: cast it to another "
            "type, or write the file without the Arrow schema (pyarrow, pandas: store_schema=False)",
            column.full_name, file, column.type),
        std::string(file));
  }
}

}  // namespace

void check_portable(const parquet_footer &footer, const std::vector<file_column> &columns, bool have_field_ids,
                    std::string_view file) {
  checker(have_field_ids, file).check(columns, true);
  check_arrow_types(footer, file);
}

}  // namespace evodb
