#include "parquet/portable_values.h"

#include <fmt/format.h>

#include <limits>
#include <string>

#include "base/error.h"
#include "base/little_endian.h"
#include "base/utf8.h"

namespace evodb {
namespace {

std::string problem_of_text(const column_statistics &s) {
  const auto is_broken = [](const std::optional<bytes> &text, bool is_cut) {
    return text && !is_cut && !is_utf8(*text);
  };
  if (!is_broken(s.min_value, s.is_min_cut) && !is_broken(s.max_value, s.is_max_cut)) return {};
  return "text that is not UTF-8, which PyIceberg and DuckDB cannot read: mend it, or cast it to binary";
}

std::string problem_of_time(std::int64_t micros) {
  constexpr std::int64_t day = 86'400'000'000;
  if (micros >= 0 && micros < day) return {};
  return fmt::format(
      "times of day beyond 24 hours ({} microseconds), which Iceberg Java cannot read: mend them, or cast it to an "
      "integer",
      micros);
}

std::string problem_of_timestamp(const schema_node &node, std::int64_t instant) {
  constexpr std::int64_t micros_in_milli = 1000;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / micros_in_milli;
  if (node.logical.unit != time_unit::millis || (instant >= -most && instant <= most)) return {};
  return fmt::format(
      "timestamps out of the range of 64 bits of microseconds ({} milliseconds), which PyIceberg and DuckDB "
      "cannot read: mend them, or cast it to an integer",
      instant);
}

std::string problem_of_values(const file_column &leaf, const column_statistics &s) {
  const schema_node &node = *leaf.node;
  if (leaf.type.is(type_kind::string)) return problem_of_text(s);
  const bool is_time = leaf.type.is(type_kind::time);
  const bool is_timestamp = leaf.type.is(type_kind::timestamp) || leaf.type.is(type_kind::timestamptz);
  if (node.physical != physical_type::int64 || !(is_time || is_timestamp)) return {};
  // Each of them is a value of the column, whatever their order.
  for (const std::optional<bytes> *plain : {&s.min_value, &s.max_value, &s.signed_min, &s.signed_max}) {
    if (!*plain || (*plain)->size() != sizeof(std::int64_t)) continue;
    const std::int64_t number = load_le<std::int64_t>((*plain)->data());
    std::string problem = is_time ? problem_of_time(number) : problem_of_timestamp(node, number);
    if (!problem.empty()) return problem;
  }
  return {};
}

}  // namespace

void check_portable_values(const parquet_footer &footer, const file_column &leaf, std::string_view file) {
  for (const row_group &group : footer.row_groups) {
    const std::string problem = problem_of_values(leaf, group.columns[leaf.first_leaf].statistics);
    if (!problem.empty())
      fail(status::UNSUPPORTED, fmt::format("column {} of {}: {}", leaf.full_name, file, problem), std::string(file));
  }
}

}  // namespace evodb
