#pragma once

#include "expression/bind.h"
#include "expression/manifest_evaluator.h"
#include "expression/metrics_evaluator.h"
#include "expression/parse.h"
#include "expression/partition_evaluator.h"
#include "expression/project.h"
#include "expression/residual.h"
#include "finding.h"
#include "sample_table.h"

namespace evodb::fuzz {

/// Some values of a column's type, the extremes among them; but no times whose hours are beyond a partition's int.
inline std::vector<value> values_of(const field &column) {
  const auto is_beyond = [&](const value &v) {
    constexpr std::int64_t micros_an_hour = 3'600'000'000;
    const bool counts_micros = column.type.is(type_kind::timestamp) || column.type.is(type_kind::timestamptz);
    return counts_micros && std::abs(std::get<std::int64_t>(v) / micros_an_hour) > INT32_MAX - 1;
  };
  std::vector<value> values{null_value{}};
  const std::size_t widths[] = {1, 4, 8, 16, 3};
  for (const std::size_t width : widths) {
    for (const char octet : {'\0', '\1', '\x7f', '\x80', '\xff', 'a'}) {
      const bytes data(width, octet);
      const auto read = attempt([&] { return from_single_value(column.type, data); });
      const bool is_whole = read && is_value_of(column.type, *read);  // not a bound that is cut short
      if (is_whole && !is_beyond(*read)) values.push_back(*read);
    }
  }
  return values;
}

/// Files that hold one row each, the same value as lower and upper bound of every column.
struct one_row_files {
  one_row_files(const schema &columns, const partition_spec &spec) {
    std::vector<std::int32_t> ids;
    const std::vector<type> types = result_types(spec, columns);
    for (const partition_field &f : spec.fields) ids.push_back(f.field_id);
    data_files_builder builder(spec.spec_id, types, std::move(ids));
    for (std::size_t i = 0; i < 12; ++i) {
      data_file file;
      file.file_path = "s3://b/" + std::to_string(i);
      file.record_count = 1;
      std::vector<value> row(static_cast<std::size_t>(columns.highest_id()) + 1);
      for (const field &column : columns.fields()) {
        if (!column.type.is_primitive() || column.type.is(type_kind::unknown)) continue;
        const std::vector<value> choice = values_of(column);
        const value &v = choice[i * 7 % choice.size()];
        column_metrics metrics;
        metrics.field_id = column.id;
        metrics.value_count = 1;
        metrics.null_value_count = is_null(v) ? 1 : 0;
        metrics.nan_value_count = is_nan(v) ? 1 : 0;
        if (!is_null(v) && !is_nan(v)) metrics.lower_bound = metrics.upper_bound = to_single_value(column.type, v);
        file.metrics.push_back(std::move(metrics));
        row[static_cast<std::size_t>(column.id)] = v;
      }
      for (const partition_field &f : spec.fields) {
        const type &source = columns.find(f.source_id())->type;
        file.partition.push_back(f.transform.apply(source, row[static_cast<std::size_t>(f.source_id())]));
      }
      partitions.push_back(file.partition);
      builder.add(file);
      rows.push_back(std::move(row));
    }
    files = std::move(builder).finish();
  }

  data_files files;
  std::vector<std::vector<value>> rows;  // by field id
  std::vector<std::vector<value>> partitions;
};

/// Whether a row matches by SQL's rules, as one reader sees them; only what is certain.
inline bool surely_matches(const bound_predicate &p, const std::vector<value> &row) {
  using kind = predicate_kind;
  const auto child_matches = [&](const bound_ptr &child) { return surely_matches(*child, row); };
  if (p.kind == kind::always_true) return true;
  if (p.kind == kind::and_) return std::all_of(p.children.begin(), p.children.end(), child_matches);
  if (p.kind == kind::or_) return std::any_of(p.children.begin(), p.children.end(), child_matches);
  if (!p.is_leaf() || static_cast<std::size_t>(p.field_id) >= row.size()) return false;
  const value &v = row[static_cast<std::size_t>(p.field_id)];
  if (p.kind == kind::is_null) return is_null(v);
  if (is_null(v)) return false;
  if (p.kind == kind::not_null) return true;
  if (p.kind == kind::is_nan) return is_nan(v);
  if (is_nan(v)) return false;
  if (p.kind == kind::not_nan) return true;
  const auto order = [&](const value &literal) { return compare(p.type, v, literal); };
  const auto is_equal = [&](const value &literal) { return order(literal) == 0; };
  switch (p.kind) {
    case kind::less:
      return order(p.literals[0]) < 0;
    case kind::less_equal:
      return order(p.literals[0]) <= 0;
    case kind::greater:
      return order(p.literals[0]) > 0;
    case kind::greater_equal:
      return order(p.literals[0]) >= 0;
    case kind::equal:
    case kind::in:
      return std::any_of(p.literals.begin(), p.literals.end(), is_equal);
    default:
      return false;
  }
}

/// Binds, writes back, projects and evaluates a predicate on the sample table: no file with a matching row may go.
inline void check_filter(const predicate_ptr &p) {
  static const schema columns = sample_schema();
  static const partition_spec spec = sample_spec(columns);
  static const one_row_files sample(columns, spec);
  const auto bound = attempt([&] { return evodb::bind(p, columns); }, {status::INVALID_FILTER});
  if (!bound) return;
  const std::string text = to_text(**bound);
  // NOT over comparisons of floats has no text of its own, and neither has what nests too deep.
  const auto again = attempt([&] { return evodb::bind(parse_filter(text), columns); });
  require(again.has_value(), "a filter's text is read back");
  require(to_text(**again) == text, "as the same");
  referenced_fields(**bound);
  const bound_ptr negated = negate(*bound);

  const bound_ptr projected = project_inclusive(*bound, spec);
  std::vector<std::uint8_t> by_metrics(sample.rows.size(), 1), by_partition(sample.rows.size(), 1);
  const metrics_evaluator metrics(*bound);
  const partition_evaluator partitions(projected, spec);
  metrics.evaluate(sample.files, by_metrics);
  partitions.evaluate(sample.files, by_partition);
  const residual_evaluator residuals(*bound, spec);
  for (std::size_t i = 0; i < sample.rows.size(); ++i) {
    require(metrics.reason(sample.files, i).empty() == (by_metrics[i] != 0), "what goes by its metrics has a reason");
    require(partitions.reason(sample.files, i).empty() == (by_partition[i] != 0),
            "what goes by its partition has a reason");
    const bound_ptr left = residuals.residual_for({sample.partitions[i].begin(), sample.partitions[i].end()});
    if (!surely_matches(**bound, sample.rows[i])) continue;
    require(by_metrics[i] != 0, "metrics keep a matching row");
    require(by_partition[i] != 0, "partitions keep a matching row");
    require(surely_matches(*left, sample.rows[i]), "the residual keeps a matching row");
  }
  manifest_file manifest;
  manifest.partitions.resize(spec.fields.size());
  manifest_evaluator(projected, spec).may_match(manifest);
  manifest_evaluator(project_inclusive(negated, spec), spec).reason(manifest);
}

}  // namespace evodb::fuzz
