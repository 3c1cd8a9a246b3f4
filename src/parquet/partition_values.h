#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/partition_spec.h"
#include "model/schema.h"
#include "model/value.h"
#include "parquet/column_summary.h"

namespace evodb {

/// The columns of a file by the table's field ids, with bounds of the table's types.
using summaries_by_id = std::map<std::int32_t, column_summary>;

/// What becomes of values that folders `name=value` in a file's path have of columns that are not in the file.
enum class path_values { refuse, take };

/// The partition that every row of a file belongs to, as far as its columns decide it: a transform that keeps order by
/// equal results of both bounds, another by equal bounds; null where all values are. Floating point columns decide only
/// where the footer counts no NaN. An optional column that the file does not have is the field's initial default or
/// null, which is what readers find, unless the file's path has a value of it: an identity partition can take that one,
/// for readers fill the column from it. Throws INVALID_ARGUMENT naming partition field, file and column, with the values
/// that the column spans, or the folder of the path and the way out.
std::vector<value> derive_partition(const partition_spec &spec, const schema &s, const summaries_by_id &columns,
                                    std::string_view file, path_values from_path);

/// The names in folders `name=value` above the file that are neither a column's of the table nor a partition field's: what
/// the path says of them is not in the table.
std::vector<std::string> columns_of_path_alone(const partition_spec &spec, const schema &s, std::string_view file);

/// The values taken from the file's path whose integer is written otherwise, and so may be that of another value, too:
/// "zip=007 is 7".
std::vector<std::string> path_values_of_other_text(const partition_spec &spec, const schema &s,
                                                   const std::set<std::int32_t> &present_ids, std::string_view file);

/// Throws INVALID_ARGUMENT where the file's path has a value of a top-level column that the file does not have and that
/// the table is not partitioned by: nothing could keep it. Where values are to be taken from the path, also of a name there
/// that is no column of the table.
void check_path_has_no_more(const partition_spec &spec, const schema &s, const std::set<std::int32_t> &present_ids,
                            std::string_view file, path_values from_path);

/// Throws INVALID_ARGUMENT where the values are not of the spec's fields and types, or the file's columns say
/// otherwise.
void check_given_partition(const std::vector<value> &given, const partition_spec &spec, const schema &s,
                           const summaries_by_id &columns, std::string_view file);

}  // namespace evodb
