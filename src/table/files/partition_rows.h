#pragma once

#include <string>
#include <string_view>

#include "arrow/c_data.h"
#include "model/partition_spec.h"
#include "model/schema.h"

namespace evodb {

/// Which partition a row belongs to.
struct row_partition {
  std::string json;  ///< object from partition field name to JSON single value
  std::string path;
};

/// For a row as a JSON object from a source column's full name to its JSON single value or null. Members of other columns
/// of the schema are passed over. Throws INVALID_ARGUMENT naming the column: missing, not of the schema, of another
/// type, or null where it is required; UNSUPPORTED where a field's transform is not known.
row_partition partition_of_row(const partition_spec &spec, const schema &columns, std::string_view row_json);

/// The same for all rows of an Arrow struct array whose children are columns by their full names. Gives out a struct
/// array of as many rows: partition and partition_path, both utf8, and then the value of each partition field.
void partition_of_rows(const partition_spec &spec, const schema &columns, const ArrowArray &rows,
                       const ArrowSchema &described, ArrowArray &out, ArrowSchema &out_schema);

}  // namespace evodb
