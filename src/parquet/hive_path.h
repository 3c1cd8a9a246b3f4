#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evodb {

/// A folder `name=value` in a file's path, as Hive, Spark, pandas, polars and DuckDB write partitions whose columns they
/// leave out of the files.
struct hive_folder {
  std::string_view text;             ///< as it stands in the path
  std::optional<std::string> value;  ///< percent-decoded; none for __HIVE_DEFAULT_PARTITION__, which is null
};

/// The folder nearest to the file that is of a column of this name, ignoring the case of ASCII letters, for Hive writes
/// none but small ones.
std::optional<hive_folder> find_hive_folder(std::string_view path, std::string_view column);

/// The names in such folders above the file, from the nearest one up to the first folder that is none.
std::vector<std::string> hive_columns(std::string_view path);

/// Whether an integer of this text is written so again, without a plus, leading zeros, or the sign of zero: 007 and 7
/// are two values of such a folder, and one integer.
bool is_canonical_integer(std::string_view text);

}  // namespace evodb
