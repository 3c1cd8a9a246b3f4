// Writes a file of deletes, for tests/interop/python/test_delete_files.py, which finds this program beside manifest_dump:
//
// delete_files vectors|positions PATH DATA_FILE POSITIONS [DATA_FILE POSITIONS ...]
//
// POSITIONS: "3,9,70000", or "-" and then one that says how many from 0 on: "-5". Prints the entries as a JSON array.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "base/error.h"
#include "table/deletes/row_deletes.h"

namespace {

using namespace evodb;

std::int64_t number_from(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<std::int64_t> positions_from(std::string_view text) {
  std::vector<std::int64_t> positions;
  if (text.starts_with('-')) {
    for (std::int64_t i = 0; i < number_from(text.substr(1)); ++i) positions.push_back(i);
    return positions;
  }
  for (std::size_t at = 0; at < text.size();
       at = text.find(',', at) == text.npos ? text.size() : text.find(',', at) + 1)
    positions.push_back(number_from(text.substr(at)));
  return positions;
}

std::string json_of(const data_file &entry) {
  std::vector<std::string> sizes, lower, upper;
  for (const column_metrics &of : entry.metrics) {
    sizes.push_back(fmt::format(R"("{}":{})", of.field_id, of.column_size));
    lower.push_back(fmt::format(R"("{}":"{}")", of.field_id, to_hex(of.lower_bound.value())));
    upper.push_back(fmt::format(R"("{}":"{}")", of.field_id, to_hex(of.upper_bound.value())));
  }
  const std::string place = entry.content_offset ? fmt::format(R"("content_offset":{},"content_size_in_bytes":{},)",
                                                               *entry.content_offset, entry.content_size.value())
                                                 : std::string();
  return fmt::format(
      R"({{"path":"{}","format":"{}","record_count":{},"file_size_in_bytes":{},"referenced_data_file":"{}",{})"
      R"("split_offsets":[{}],"column_sizes":{{{}}},"lower_bounds":{{{}}},"upper_bounds":{{{}}}}})",
      entry.file_path, name_of(entry.format), entry.record_count, entry.file_size, entry.referenced_data_file.value(),
      place, fmt::join(entry.split_offsets, ","), fmt::join(sizes, ","), fmt::join(lower, ","), fmt::join(upper, ","));
}

}  // namespace

int main(int argc, char **argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  std::vector<row_deletes> deletes;
  for (std::size_t i = 2; i + 1 < arguments.size(); i += 2) {
    deletes.emplace_back().data_file = arguments[i];
    deletes.back().positions = positions_from(arguments[i + 1]);
  }
  if (deletes.empty()) return 2;
  try {
    const new_delete_file made = arguments[0] == "vectors" ? write_deletion_vectors(arguments[1], deletes)
                                                           : write_position_deletes(arguments[1], deletes.front());
    std::ofstream(arguments[1], std::ios::binary) << made.content;
    std::vector<std::string> entries;
    for (const data_file &entry : made.entries) entries.push_back(json_of(entry));
    std::cout << fmt::format("[{}]\n", fmt::join(entries, ","));
  } catch (const error &refused) {
    std::cerr << refused.message() << '\n';
    return 1;
  }
}
