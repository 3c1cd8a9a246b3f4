#pragma once

#include <cstddef>
#include <optional>

#include "base/bytes.h"
#include "model/data_files.h"
#include "model/type.h"

namespace evodb {

/// What a file's statistics say of one column, for the comparison of equality deletes, in which null equals null and NaN
/// equals NaN.
struct column_extent {
  bool may_have_null = true, only_null = false;
  bool may_have_nan = false;
  /// In an order of bytes that is the type's. Null where not known, and of types whose bounds are in more than one order.
  std::optional<bytes> lower, upper;
};

/// `column_type`: the column's in the table. Statistics that are missing, or are none of the type, say nothing.
column_extent extent_of(const data_files &files, std::size_t row, std::int32_t field_id, const type &column_type);

/// Whether a value of the one column may equal one of the other. The two zeroes count as equal, as they are in SQL.
bool may_have_equal(const column_extent &a, const column_extent &b) noexcept;

}  // namespace evodb
