#pragma once

#include <string>

#include "arrow/export_batch.h"
#include "model/type.h"
#include "model/value.h"

namespace evodb {

/// The Arrow column for values of a primitive Iceberg type: nullable, timestamps with a zone as UTC, uuid as 16 octets.
/// Other types have nulls alone (Arrow's null type).
export_column export_column_of(std::string name, const type &t);

/// Appends a value, which may be null, to a column that export_column_of made for the type.
void append_value(export_batch &to, std::size_t column, const type &t, const value &v);

}  // namespace evodb
