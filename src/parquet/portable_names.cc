#include "parquet/portable_names.h"

#include <algorithm>
#include <iterator>

namespace evodb {
namespace {

constexpr std::string_view metadata_columns[] = {
    "_file", "_pos", "_deleted", "_spec_id", "_partition", "_row_id", "_last_updated_sequence_number"};

}  // namespace

std::string_view problem_of_name(std::string_view name, bool is_top_level) {
  if (name.empty()) return "its name is empty: name it";
  if (name.find('\0') != std::string_view::npos)
    return "its name holds a zero byte, which DuckDB takes for the end: rename it";
  const auto end = std::end(metadata_columns);
  if (is_top_level && std::find(std::begin(metadata_columns), end, name) != end)
    return "Spark reserves the name for a metadata column: rename it";
  return {};
}

}  // namespace evodb
