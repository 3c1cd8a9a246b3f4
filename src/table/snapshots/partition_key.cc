#include "table/snapshots/partition_key.h"

#include <cmath>
#include <limits>
#include <variant>

#include "base/little_endian.h"

namespace evodb {
namespace {

value with_one_nan(value v) {
  if (double *number = std::get_if<double>(&v); number != nullptr && std::isnan(*number))
    *number = std::numeric_limits<double>::quiet_NaN();
  if (float *number = std::get_if<float>(&v); number != nullptr && std::isnan(*number))
    *number = std::numeric_limits<float>::quiet_NaN();
  return v;
}

}  // namespace

bytes partition_key(const data_files &files, std::size_t row) {
  bytes key;
  append_le(key, files.spec_id);
  for (const value_column &column : files.partitions) {
    bytes part = "?";
    if (!column.is_unknown(row)) {
      const value v = with_one_nan(column.at(row, files.arena));
      part = is_null(v) ? bytes("-") : "+" + to_single_value(column.type, v);
    }
    append_le(key, static_cast<std::uint32_t>(part.size()));
    key += part;
  }
  return key;
}

}  // namespace evodb
