#pragma once

#include <vector>

#include "arrow/c_data.h"
#include "model/schema.h"

namespace evodb {

/// The columns that an Arrow schema, a struct of them, describes. The mapping is that of PyIceberg and of Iceberg's other
/// Arrow readers: signed and unsigned integers of up to 16 bits become int, unsigned ones of 32 bits long, times of any
/// unit down to microseconds time, timestamps of nanoseconds timestamp_ns, large and view variants what their usual one
/// does, a dictionary what its values do, null unknown. A field's id is its metadata "PARQUET:field_id", 0 where it has
/// none, its documentation "doc". Throws INVALID_ARGUMENT naming the column of a type that Iceberg does not have
/// (integers of 64 bits without sign, half floats, decimals of other than 128 bits, zones other than UTC, durations,
/// unions …) or whose description is broken.
std::vector<field> fields_of_arrow(const ArrowSchema &described);

/// Describes rows of the schema, with field ids and documentation in the metadata. The result is the caller's to release.
/// Throws UNSUPPORTED naming a column of type variant, geometry or geography, which Arrow has no type of its own for.
void export_iceberg_schema(const schema &columns, ArrowSchema &out);

}  // namespace evodb
