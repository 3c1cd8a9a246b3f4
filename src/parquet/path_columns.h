#pragma once

#include <string_view>
#include <vector>

#include "model/schema.h"

namespace evodb {

/// A file's columns, and behind them those that only folders `name=value` in its path have values of, from the outermost
/// one on: optional, of the type that Spark and Arrow infer from the value (int, long, date as YYYY-MM-DD, or string),
/// with ids above the file's where it has ids. Throws INVALID_ARGUMENT where there is no such folder, and for a value that
/// shows no type.
std::vector<field> with_columns_of_path(std::vector<field> columns, std::string_view file);

}  // namespace evodb
