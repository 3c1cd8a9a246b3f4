#include "parquet/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/utf8.h"
#include "parquet/column_summary.h"
#include "parquet/path_contradiction.h"
#include "parquet/portable_columns.h"
#include "parquet/portable_values.h"
#include "parquet/schema.h"

namespace evodb {
namespace {

/// Where engines may begin to read: at row groups. None where the offsets make no sense, for a bad split reads rows
/// twice or never.
std::vector<std::int64_t> split_offsets_of(const parquet_footer &footer, std::int64_t file_size) {
  std::vector<std::int64_t> offsets;
  for (const row_group &group : footer.row_groups) {
    if (group.columns.empty()) return {};
    const std::int64_t offset = group.columns.front().start();
    if (offset >= file_size || (!offsets.empty() && offset <= offsets.back())) return {};
    offsets.push_back(offset);
  }
  return offsets;
}

void check_required(const matched_column &m, const parquet_footer &footer, const schema &s, std::string_view file) {
  if (m.table_field->required && may_be_null(footer, *m.column))
    fail(status::INCOMPATIBLE_SCHEMA,
         fmt::format("column {} of {} has nulls, or may have, but field {} of the table is required",
                     m.column->full_name, file, s.full_name(m.table_field->id)),
         std::string(file));
}

/// The summary with its bounds as values of the table's type.
column_summary in_table_type(column_summary summary, const type &from, const type &to) {
  if (from == to) return summary;
  for (std::optional<value> *bound : {&summary.lower, &summary.upper}) {
    if (*bound) *bound = promote(from, to, **bound);
  }
  return summary;
}

std::optional<value> truncate_lower(const type &t, const value &v, std::size_t length) {
  if (t.is(type_kind::string)) {
    const std::string &text = get<std::string>(t, v);
    return text.substr(0, offset_of_code_point(text, length));
  }
  if (t.is(type_kind::binary) || t.is(type_kind::fixed)) return get<std::string>(t, v).substr(0, length);
  return v;
}

std::optional<value> truncate_upper(const type &t, const value &v, std::size_t length) {
  if (t.is(type_kind::string)) return truncate_up(get<std::string>(t, v), length);
  if (t.is(type_kind::binary) || t.is(type_kind::fixed)) return truncate_bytes_up(get<std::string>(t, v), length);
  return v;
}

std::optional<bytes> serialise(const type &t, const std::optional<value> &bound, metrics_mode mode,
                               std::optional<value> (*truncate)(const type &, const value &, std::size_t)) {
  using kind = enum metrics_mode::kind;
  if (!bound || mode.kind == kind::counts) return std::nullopt;
  const std::optional<value> kept =
      mode.kind == kind::full ? bound : truncate(t, *bound, static_cast<std::size_t>(mode.length));
  // A truncated fixed is no value of its type any more, but a bound: its bytes are itself.
  if (!kept) return std::nullopt;
  return t.is(type_kind::fixed) ? std::get<std::string>(*kept) : to_single_value(t, *kept);
}

column_metrics metrics_of(const matched_column &m, const column_summary &summary, metrics_mode mode) {
  column_metrics metrics;
  metrics.field_id = m.table_field->id;
  metrics.column_size = summary.compressed_size;
  metrics.value_count = summary.value_count;
  if (m.column->is_repeated) return metrics;
  metrics.null_value_count = summary.null_count.value_or(-1);
  metrics.nan_value_count = summary.nan_count.value_or(-1);
  metrics.lower_bound = serialise(m.table_field->type, summary.lower, mode, truncate_lower);
  metrics.upper_bound = serialise(m.table_field->type, summary.upper, mode, truncate_upper);
  return metrics;
}

}  // namespace

inspected_file inspect_parquet(const parquet_footer &footer, const file_rules &rules, const metrics_config &config,
                               std::string path, std::int64_t file_size, const partition_source &partition) {
  const schema &s = rules.columns;
  inspected_file inspected;
  data_file &file = inspected.file;
  const std::vector<file_column> columns = columns_of(footer, path);
  inspected.has_field_ids = has_field_ids(columns, path);
  check_portable(footer, columns, inspected.has_field_ids, path);
  name_mapping names;
  if (!inspected.has_field_ids) names = rules.mapping ? *rules.mapping : create_name_mapping(s);

  summaries_by_id summaries;
  std::set<std::int32_t> present_ids;
  const std::vector<matched_column> matched =
      match_columns(columns, rules, inspected.has_field_ids ? nullptr : &names, path);
  for (const matched_column &m : matched) {
    present_ids.insert(m.table_field->id);
    check_required(m, footer, s, path);
    if (!m.column->is_leaf()) continue;
    column_summary summary = summarise(footer, *m.column, file_size, path);
    check_portable_values(footer, *m.column, path);
    summary = in_table_type(std::move(summary), m.column->type, m.table_field->type);
    const metrics_mode mode = config.mode_of(m.table_field->id);
    if (mode.kind != metrics_mode::kind::none) file.metrics.push_back(metrics_of(m, summary, mode));
    if (!m.column->is_repeated) summaries.emplace(m.table_field->id, summary);
  }
  std::sort(file.metrics.begin(), file.metrics.end(),
            [](const column_metrics &a, const column_metrics &b) { return a.field_id < b.field_id; });

  check_path_has_no_more(rules.spec, s, present_ids, path, partition.from_path);
  inspected.columns_of_path_alone = columns_of_path_alone(rules.spec, s, path);
  const bool takes_from_path = partition.from_path == path_values::take;
  for (const std::string &says : path_contradictions(matched, summaries, path)) {
    const std::string problem = fmt::format("the path of {} says {}", path, says);
    if (takes_from_path)
      fail(status::INVALID_ARGUMENT, problem + ": mend the file or its path, or take no values from the path", path);
    inspected.path_contradictions.push_back(problem);
  }
  if (partition.given) check_given_partition(*partition.given, rules.spec, s, summaries, path);
  file.partition =
      partition.given ? *partition.given : derive_partition(rules.spec, s, summaries, path, partition.from_path);
  if (takes_from_path)
    inspected.path_values_of_other_text = path_values_of_other_text(rules.spec, s, present_ids, path);
  file.record_count = footer.num_rows;
  file.file_size = file_size;
  file.split_offsets = split_offsets_of(footer, file_size);
  file.file_path = std::move(path);
  return inspected;
}

}  // namespace evodb
