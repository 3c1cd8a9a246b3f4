#pragma once

#include <optional>

#include "base/bytes.h"
#include "model/value.h"
#include "parquet/file_column.h"

namespace evodb {

/// A value as statistics hold it (PLAIN encoding, byte arrays without their length) as a value of the column's Iceberg
/// type: milliseconds become microseconds. Null where the bytes are no value of the column (wrong length, ill-formed
/// UTF-8, NaN, beyond the type's range) and for columns whose order means nothing to Iceberg (INT96,
/// geometries).
std::optional<value> plain_value(const file_column &leaf, byte_view plain);

}  // namespace evodb
