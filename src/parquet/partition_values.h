#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "model/partition_spec.h"
#include "model/schema.h"
#include "model/value.h"
#include "parquet/column_summary.h"

namespace evodb {

/// The columns of a file by the table's field ids, with bounds of the table's types.
using summaries_by_id = std::map<std::int32_t, column_summary>;

/// The partition that every row of a file belongs to, as far as its columns decide it: a transform that keeps order by
/// equal results of both bounds, another by equal bounds; null where all values are. A column that the file does not
/// have is null, or the field's initial default. Floating point columns decide only where the footer counts no NaN.
/// Throws INVALID_ARGUMENT naming partition field, file and column, with the values that the column spans.
std::vector<value> derive_partition(const partition_spec &spec, const schema &s, const summaries_by_id &columns,
                                    std::string_view file);

/// Throws INVALID_ARGUMENT where the values are not of the spec's fields and types, or the file's columns say
/// otherwise.
void check_given_partition(const std::vector<value> &given, const partition_spec &spec, const schema &s,
                           const summaries_by_id &columns, std::string_view file);

}  // namespace evodb
