#pragma once

#include <cstdint>

#include "model/table_metadata.h"

namespace evodb {

/// Where the field ids of a schema that is added to a table come from.
enum class field_ids : std::uint8_t {
  given,   ///< those of the schema are meant
  by_name  ///< those of the current schema's columns of the same full names; others get new ones
};

/// The schema as the table can have it: under the id of an equal schema of the table, or a new one. A field id that the
/// table has used must be under a name that it has had, at the same place, with a type to which every type that it has
/// had may be promoted; other ids must be above last-column-id. Throws INCOMPATIBLE_SCHEMA or INVALID_ARGUMENT naming the
/// column. Whether the schema can become the current one is another question.
schema fit_to_table(const table_metadata &metadata, const schema &added, field_ids ids);

}  // namespace evodb
