#include "parquet/metrics.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/utf8.h"
#include "parquet/column_summary.h"
#include "parquet/partition_values.h"
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
  if (from == to || to.is(type_kind::uuid)) return summary;  // a uuid's bytes are the same without the logical type
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

inspected_file inspect_parquet(const parquet_footer &footer, const schema &s, const name_mapping *mapping,
                               const partition_spec &spec, const metrics_config &config, std::string path,
                               std::int64_t file_size, const std::optional<std::vector<value>> &given_partition,
                               extra_columns extras) {
  inspected_file inspected;
  data_file &file = inspected.file;
  const std::vector<file_column> columns = columns_of(footer, path);
  inspected.has_field_ids = has_field_ids(columns, path);
  const name_mapping names = inspected.has_field_ids ? name_mapping() : mapping ? *mapping : create_name_mapping(s);

  summaries_by_id summaries;
  for (const matched_column &m :
       match_columns(columns, s, inspected.has_field_ids ? nullptr : &names, spec, extras, path)) {
    check_required(m, footer, s, path);
    if (!m.column->is_leaf()) continue;
    const column_summary summary =
        in_table_type(summarise(footer, *m.column, file_size, path), m.column->type, m.table_field->type);
    const metrics_mode mode = config.mode_of(m.table_field->id);
    if (mode.kind != metrics_mode::kind::none) file.metrics.push_back(metrics_of(m, summary, mode));
    if (!m.column->is_repeated) summaries.emplace(m.table_field->id, summary);
  }
  std::sort(file.metrics.begin(), file.metrics.end(),
            [](const column_metrics &a, const column_metrics &b) { return a.field_id < b.field_id; });

  if (given_partition) check_given_partition(*given_partition, spec, s, summaries, path);
  file.partition = given_partition ? *given_partition : derive_partition(spec, s, summaries, path);
  file.record_count = footer.num_rows;
  file.file_size = file_size;
  file.split_offsets = split_offsets_of(footer, file_size);
  file.file_path = std::move(path);
  return inspected;
}

}  // namespace evodb
