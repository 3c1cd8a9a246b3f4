#pragma once

#include <string>
#include <vector>

#include "parquet/footer.h"

namespace evodb {

/// What a column is in the Arrow schema that Arrow's writers (pyarrow, pandas, polars) leave in a file's key-value
/// metadata. PyArrow, and PyIceberg with it, takes columns for what that says, beyond what Parquet does.
struct arrow_column {
  std::string full_name;  ///< with dots
  std::string
      unknown_type;      ///< for people, "duration", "timestamp with zone Europe/Paris"; empty where PyIceberg has it
  std::string field_id;  ///< as written; empty where it has none. Parquet's own goes before it
};

/// Those of the columns, at every level, that have a field id, or a type that PyIceberg cannot read: durations, zones other
/// than UTC, decimals of other than 128 bits, integers of more than 64, list views, extension types of Arrow and pandas but
/// for uuids. None where the file has no such schema, or one that does not parse: it is advice.
std::vector<arrow_column> notable_arrow_columns(const parquet_footer &footer);

}  // namespace evodb
