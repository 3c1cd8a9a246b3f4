#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "arrow/array_view.h"
#include "model/type.h"
#include "model/value.h"

namespace evodb {

/// Reads an Arrow array as values of a primitive Iceberg type. Taken are Arrow's own type for it, integers that are
/// narrower, large variants, dates, times and timestamps of any unit whose values are whole ones of the column's, and
/// the null type. A timestamp has a zone exactly where the Iceberg type has one. Borrows the array.
class value_import {
 public:
  /// Throws INVALID_ARGUMENT naming the column where the Arrow type is none of these.
  value_import(const imported_array &from, array_range used, const type &t);

  /// Null where the array is. `i` within the range. Throws INVALID_ARGUMENT naming the column and the row (counted from
  /// the range's first) where the type has no such value.
  value at(std::int64_t i) const;

 private:
  std::string column_;
  std::int64_t first_;
  std::function<value(std::int64_t)> read_;
};

}  // namespace evodb
