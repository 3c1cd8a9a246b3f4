#pragma once

#include "model/type.h"
#include "parquet/footer.h"

namespace evodb {

/// The Iceberg type of a Parquet column that has values itself (spec, appendix A, "Parquet"; what Iceberg does not
/// write itself, as Java reads it: INT96 and the converted timestamps are timestamptz, milliseconds are timestamps,
/// ENUM and JSON strings, small integers int). Throws UNSUPPORTED, with the way out, for what Iceberg has no type for or
/// some engine cannot read (nulls without a type, BSON, times in milliseconds, unsigned integers), CORRUPT
/// for logical types on physical ones that they do not belong on. The messages do not name the column: the caller does.
type leaf_type(const schema_node &node);

}  // namespace evodb
