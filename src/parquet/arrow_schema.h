#pragma once

#include <string>
#include <vector>

#include "parquet/footer.h"

namespace evodb {

/// A column's type in the Arrow schema that Arrow's writers (pyarrow, pandas, polars) leave in a file's key-value metadata.
/// PyArrow, and PyIceberg with it, takes columns for what that says, beyond what Parquet does.
struct arrow_column {
  std::string full_name;  ///< with dots
  std::string type;       ///< for people: "duration", "timestamp with zone Europe/Paris"
};

/// Those of the columns, at every level, whose type PyIceberg cannot read: durations, zones other than UTC, decimals of
/// other than 128 bits, integers of more than 64, list views, extension types of Arrow and pandas but for uuids. None where the file has no such
/// schema, or one that does not parse: it is advice.
std::vector<arrow_column> arrow_columns_unknown_to_pyiceberg(const parquet_footer &footer);

}  // namespace evodb
