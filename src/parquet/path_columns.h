#pragma once

#include <string_view>
#include <vector>

#include "model/partition_spec.h"
#include "model/schema.h"

namespace evodb {

/// A file's columns, and behind them those that only folders `name=value` in its path have values of, from the outermost
/// one on: optional, of the type that the value shows (int, long, date as YYYY-MM-DD, or string), with ids above the file's
/// where it has ids. A number with leading zeros is text, unlike in Spark and Arrow, for it may be a code of which 007 and
/// 7 are two. Throws INVALID_ARGUMENT where there is no such folder, and for a value that shows no type.
std::vector<field> with_columns_of_path(std::vector<field> columns, std::string_view file);

/// The columns themselves that folders `name=value` above the file are named by, from the outermost one on. Throws
/// INVALID_ARGUMENT where no column is.
partition_spec partition_of_path(const schema &columns, std::string_view file);

}  // namespace evodb
