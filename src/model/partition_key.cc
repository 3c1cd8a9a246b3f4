#include "model/partition_key.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/little_endian.h"

namespace evodb {

bool partition_key(const data_files &files, std::size_t row, std::string &key) {
  key.clear();
  bool is_known = true;
  for (const value_column &column : files.partitions) {
    if (column.valid[row] == 0) {
      key += column.is_unknown(row) ? 'u' : 'n';
      is_known &= !column.is_unknown(row);
      continue;
    }
    switch (value_column::storage_of(column.type)) {
      case value_column::storage::integers:
        append_le(key, column.integers[row]);
        break;
      case value_column::storage::doubles: {
        const double number = column.doubles[row];
        append_le(key, std::isnan(number) ? std::numeric_limits<double>::quiet_NaN() : number);
        break;
      }
      case value_column::storage::spans: {
        const std::string_view text = files.text(column.spans[row]);
        append_le(key, static_cast<std::uint32_t>(text.size()));
        key += text;
        break;
      }
      case value_column::storage::none:
        break;
    }
    key += 'v';
  }
  return is_known;
}

std::string spec_partition_key(const data_files &files, std::size_t row) {
  std::string key, text;
  append_le(text, files.spec_id);
  partition_key(files, row, key);
  return text + key;
}

}  // namespace evodb
