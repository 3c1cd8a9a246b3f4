#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/partition_spec.h"
#include "model/schema.h"
#include "model/table_metadata.h"

namespace evodb {

/// What to do to a schema. Columns are named by their full name at the time when the change's turn comes.
namespace schema_change {
struct add {
  std::string name;  ///< full name; the part before the last dot is a struct, or a list's "element" or a map's "value"
                     ///< that is one
  evodb::type type;
  bool required = false;
  std::optional<std::string> doc;
  std::optional<std::string> default_json;  ///< version 3: JSON single value for rows written before
};
struct drop {
  std::string name;
};
struct rename {
  std::string name, new_name;
};
struct widen {
  std::string name;
  evodb::type type;
};
struct make_optional {
  std::string name;
};
struct make_required {
  std::string name;
};
struct set_doc {
  std::string name;
  std::string doc;
};  ///< empty: none
struct move {
  enum class place { first, before, after };
  std::string name;
  place where = place::first;
  std::string reference;  ///< a sibling's full name; not for first
};
/// Version 3: the value that writers give to a column that they have no value of. What rows written before hold, the
/// initial default, never changes.
struct set_write_default {
  std::string name;
  std::optional<std::string> json;  ///< JSON single value; null: none
};
/// The fields by which rows are identified, instead of those that the schema had; none: rows are not identified.
struct set_identifier_fields {
  std::vector<std::string> names;
};
/// Allows a breaking change of one column: made required, or added as required without a default.
struct allow_breaking {
  std::string name;
};
}  // namespace schema_change

using schema_change_step =
    std::variant<schema_change::add, schema_change::drop, schema_change::rename, schema_change::widen,
                 schema_change::make_optional, schema_change::make_required, schema_change::set_doc,
                 schema_change::move, schema_change::set_write_default, schema_change::set_identifier_fields,
                 schema_change::allow_breaking>;

using schema_changes = std::vector<schema_change_step>;

struct evolved_schema {
  schema changed;
  std::int32_t last_column_id = 0;
};

/// The table's current schema with the changes, under a new schema id. Throws INCOMPATIBLE_SCHEMA for what Iceberg
/// forbids or what breaks without being allowed, NOT_FOUND and ALREADY_EXISTS for names, each naming the column.
evolved_schema evolve(const table_metadata &metadata, const schema_changes &changes);

}  // namespace evodb
