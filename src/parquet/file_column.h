#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/schema.h"
#include "parquet/footer.h"

namespace evodb {

/// A column of a Parquet file as Iceberg sees it: what is nested in lists and maps without the groups that Parquet puts
/// between.
struct file_column {
  std::string name;       ///< "element", "key" and "value" in lists and maps, whatever the file calls them
  std::string full_name;  ///< with dots, for people
  std::optional<std::int32_t> field_id;
  bool required = false;
  class type type;                    ///< ids are 0 where the file has none
  const schema_node *node = nullptr;  ///< of the footer, which must outlive this
  std::size_t first_leaf = 0;         ///< position among the footer's leaves: its own, or that of the first below it
  int definition_level = 0;           ///< from which on it is present
  bool is_repeated = false;           ///< within a list or a map
  std::vector<file_column> children;  ///< of a structure, list or map; a variant's parts are no columns

  bool is_leaf() const noexcept { return node->physical.has_value(); }
  field to_field() const;  ///< of a schema
};

/// The top-level columns of a file. Throws naming file and columns (the first few): CORRUPT where a type contradicts
/// itself, UNSUPPORTED with the way out for types that Iceberg does not have (unsigned integers, float16, times in
/// nanoseconds, repeated fields outside of lists) and for layouts of nested columns that Iceberg Java, PyIceberg or
/// DuckDB cannot read: lists of two levels (parquet-format, LogicalTypes.md, "Backward-compatibility rules"), maps
/// without required keys, of other parts than `key` and `value`, or marked MAP_KEY_VALUE themselves.
std::vector<file_column> columns_of(const parquet_footer &footer, std::string_view file);

}  // namespace evodb
