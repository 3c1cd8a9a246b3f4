#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parquet/column_match.h"
#include "parquet/partition_values.h"

namespace evodb {

/// Where folders `name=value` directly above a file have values of top-level columns that the file has itself, and the
/// columns' statistics prove that some row has another one: "year=2023, but column year spans 1999 to 1999". Of booleans,
/// integers, dates, decimals and text: writers agree on the texts of these alone, and even of text not on a plus, which
/// Iceberg Java writes for a space, nor on null.
std::vector<std::string> path_contradictions(const std::vector<matched_column> &matched,
                                             const summaries_by_id &summaries, std::string_view file);

}  // namespace evodb
