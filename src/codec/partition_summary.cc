#include "codec/partition_summary.h"

#include <cmath>

#include "base/int128.h"
#include "model/value.h"

namespace evodb {

partition_summary::partition_summary(const value_column &column, byte_view arena)
    : column_(column), arena_(arena), storage_(value_column::storage_of(column.type)) {}

void partition_summary::add(std::size_t row) {
  if (storage_ == value_column::storage::none || column_.valid[row] == 0) {
    contains_null_ = true;
  } else if (storage_ == value_column::storage::doubles && std::isnan(column_.doubles[row])) {
    contains_nan_ = true;
  } else {
    if (!least_ || is_below(row, *least_)) least_ = row;
    if (!most_ || is_below(*most_, row)) most_ = row;
  }
}

bool partition_summary::is_below(std::size_t a, std::size_t b) const {
  switch (storage_) {
    case value_column::storage::integers:
      return column_.integers[a] < column_.integers[b];
    case value_column::storage::doubles: {
      const double x = column_.doubles[a];
      const double y = column_.doubles[b];
      return x < y || (x == y && std::signbit(x) && !std::signbit(y));  // -0.0 is below 0.0
    }
    default: {
      const byte_view x = arena_.substr(column_.spans[a].offset, static_cast<std::size_t>(column_.spans[a].length));
      const byte_view y = arena_.substr(column_.spans[b].offset, static_cast<std::size_t>(column_.spans[b].length));
      if (column_.type.is(type_kind::decimal)) return int128_from_big_endian(x) < int128_from_big_endian(y);
      return x < y;  // char_traits compares bytes as unsigned
    }
  }
}

field_summary partition_summary::finish() const {
  field_summary result;
  result.contains_null = contains_null_;
  result.contains_nan = contains_nan_;
  if (least_) result.lower_bound = to_single_value(column_.type, column_.at(*least_, arena_));
  if (most_) result.upper_bound = to_single_value(column_.type, column_.at(*most_, arena_));
  return result;
}

}  // namespace evodb
