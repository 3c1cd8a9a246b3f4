#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/location.h"
#include "model/data_files.h"
#include "model/schema.h"
#include "model/table_metadata.h"

namespace evodb {

// Checks of delete files that a caller describes. They throw INVALID_ARGUMENT naming the file, or UNSUPPORTED where the
// table's format version does not take such files.

/// Makes `begun` a file of position deletes: a deletion vector if its format is Puffin, which must then reference its data
/// file and say where in the Puffin file it is; any other says no such place. `referenced`: as
/// referenced_path gives it. Version 2 has no vectors, version 3 takes nothing but vectors, version 1 no deletes.
void describe_position_deletes(data_file &begun, const table_metadata &of, std::optional<std::string> referenced,
                               std::optional<std::int64_t> content_offset, std::optional<std::int64_t> content_size);

/// Makes `begun` a file of equality deletes by these columns: primitive ones of the current schema, outside of lists and
/// maps, each once.
void describe_equality_deletes(data_file &begun, const table_metadata &of, std::span<const std::int32_t> field_ids);

/// Refuses a Puffin file that is no deletion vector, and what such a file or position deletes do not have.
void check_described_content(const data_file &file);

/// The columns whose statistics a file may have: those of `table_columns`, or of position deletes.
const schema &columns_described(const data_file &file, const schema &table_columns);

/// How the path of a data file that is referenced is kept: verbatim, since readers compare it with the one that the table
/// has, or below the table's location where it is relative.
std::string referenced_path(const location &of_table, std::string_view path);

}  // namespace evodb
