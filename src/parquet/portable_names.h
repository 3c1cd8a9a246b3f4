#pragma once

#include <string_view>

namespace evodb {

/// Why some engine cannot read a column of that name (DuckDB and Spark, tried with each), and the way out; empty where
/// all can.
std::string_view problem_of_name(std::string_view name, bool is_top_level);

}  // namespace evodb
