#include "model/partition_columns.h"

#include <unordered_map>

namespace evodb {
namespace {

void push_unknown(value_column &column) {
  column.push_null();
  column.unknown.resize(column.valid.size());
  column.unknown.back() = 1;
}

void push(value_column &column, const std::optional<value> &given, bytes &arena) {
  given ? column.push(*given, arena) : push_unknown(column);
}

void push_same(value_column &column, std::size_t row) {
  const bool is_unknown = row < column.unknown.size() && column.unknown[row] != 0;
  is_unknown ? push_unknown(column) : column.push_same_as(row);
}

}  // namespace

void read_partition_columns(const std::vector<std::string_view> &texts, data_files &into,
                            const std::function<partition_tuple(std::size_t row)> &read) {
  std::unordered_map<std::string_view, std::size_t> first_rows;
  std::size_t first_row = 0;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    bool is_new = row == 0;
    if (is_new || texts[row] != texts[row - 1]) {
      const auto found = first_rows.emplace(texts[row], row);
      is_new = found.second;
      first_row = found.first->second;
    }
    if (is_new) {
      const partition_tuple given = read(row);
      for (std::size_t i = 0; i < given.size(); ++i) push(into.partitions[i], given[i], into.arena);
    } else {
      for (value_column &column : into.partitions) push_same(column, first_row);
    }
  }
  for (value_column &column : into.partitions) {
    if (!column.unknown.empty()) column.unknown.resize(texts.size());
  }
}

}  // namespace evodb
