#include "table/files/partition_rows.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "arrow/export_batch.h"
#include "arrow/export_values.h"
#include "arrow/import_values.h"
#include "base/error.h"
#include "codec/json.h"
#include "codec/partition_json.h"
#include "codec/single_value_json.h"
#include "model/partition_check.h"

namespace evodb {
namespace {

constexpr const char *root_name = "(the struct of all columns)";

/// The column that a field's values come from; null where they are null whatever the row holds.
const field *source_of(const partition_field &p, const schema &columns) {
  if (p.transform.kind == transform::kind::void_) return nullptr;
  const field *source = columns.find(p.source_id());
  if (p.transform.kind == transform::kind::unknown || p.source_ids.size() != 1 ||
      (source != nullptr && !p.transform.can_transform(source->type))) {
    fail(status::UNSUPPORTED,
         fmt::format("transform {} of partition field {} is not known for its column", p.transform.to_text(), p.name),
         p.name);
  }
  return source;
}

std::vector<const field *> sources_of(const partition_spec &spec, const schema &columns) {
  std::vector<const field *> sources;
  for (const partition_field &p : spec.fields) sources.push_back(source_of(p, columns));
  return sources;
}

void check_column(const schema &columns, std::string_view name) {
  if (columns.find(name) != nullptr) return;
  fail(status::INVALID_ARGUMENT, fmt::format("the schema has no column {}", name), std::string(name));
}

/// A source column of an Arrow array, read once for all partition fields that come from it.
struct arrow_source {
  const field *column;
  std::string name;
  value_import values;
};

class arrow_rows {
 public:
  arrow_rows(const ArrowArray &rows, const ArrowSchema &described, const std::vector<const field *> &sources,
             const schema &columns);

  std::int64_t count() const noexcept { return count_; }
  /// In the order of the sources.
  void read(std::int64_t row, std::vector<value> &into) const;

 private:
  const schema &columns_;
  std::int64_t count_;
  array_view root_;
  std::vector<std::optional<arrow_source>> sources_;
};

imported_array root_of(const ArrowArray &rows, const ArrowSchema &described) {
  if (rows.release == nullptr || described.release == nullptr) fail_column(root_name, "released already");
  return {&described, &rows, root_name};
}

arrow_rows::arrow_rows(const ArrowArray &rows, const ArrowSchema &described, const std::vector<const field *> &sources,
                       const schema &columns)
    : columns_(columns),
      count_(rows.length),
      root_(root_of(rows, described), {0, rows.length}, described.n_children),
      sources_(sources.size()) {
  for (std::int64_t i = 0; i < described.n_children; ++i) {
    const char *given = described.children[i]->name;
    const std::string name = given == nullptr ? "" : given;
    check_column(columns, name);
    const field *column = columns.find(name);
    for (std::size_t s = 0; s < sources.size(); ++s) {
      if (sources[s] != column) continue;
      if (sources_[s]) fail_column(name, "comes twice");
      const imported_array child{described.children[i], rows.children[i], name};
      sources_[s].emplace(arrow_source{column, name, {child, {root_.in_children(0), count_}, column->type}});
    }
  }
  for (std::size_t s = 0; s < sources.size(); ++s) {
    if (sources[s] != nullptr && !sources_[s]) fail_column(columns.full_name(sources[s]->id), "missing, but required");
  }
}

void arrow_rows::read(std::int64_t row, std::vector<value> &into) const {
  if (root_.is_null(row)) fail_column(root_name, fmt::format("row {}: null, but required", row));
  for (std::size_t s = 0; s < sources_.size(); ++s) {
    into[s] = null_value{};
    if (!sources_[s]) continue;
    into[s] = sources_[s]->values.at(root_.in_children(row));
    if (is_null(into[s]) && columns_.is_never_null(sources_[s]->column->id))
      fail_column(sources_[s]->name, fmt::format("row {}: null, but the column is required", row));
  }
}

/// The partition values of source values.
partition_tuple apply(const partition_spec &spec, const std::vector<const field *> &sources,
                      const std::vector<value> &values) {
  partition_tuple applied(values.begin(), values.end());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (sources[i] == nullptr) continue;
    const type &source = sources[i]->type;
    const transform &by = spec.fields[i].transform;
    const value given = by.apply(source, values[i]);
    if (const auto reason = impossible_partition(by, source, given))
      fail(status::INVALID_ARGUMENT, fmt::format("partition field {}: {} gives {}, but {}", spec.fields[i].name,
                                                 by.to_text(), to_short_text(by.result_type(source), given), *reason));
    applied[i] = given;
  }
  return applied;
}

}  // namespace

row_partition partition_of_row(const partition_spec &spec, const schema &columns, std::string_view row_json) {
  const json_document document(row_json, "row", status::INVALID_ARGUMENT);
  const json_node row = document.root();
  row.for_each_member([&](std::string_view name, const json_node &) { check_column(columns, name); });
  const std::vector<const field *> sources = sources_of(spec, columns);
  std::vector<value> values(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i] == nullptr) continue;
    const std::string name = columns.full_name(sources[i]->id);
    const std::optional<json_node> found = row.find_even_null(name);
    if (!found) row.refuse(fmt::format("lacks the column {}; where it has no value, give null", name));
    values[i] = read_single_value(*found, sources[i]->type);
    if (is_null(values[i]) && columns.is_never_null(sources[i]->id))
      found->refuse(fmt::format("column {} is required and cannot be null", name));
  }
  const partition_tuple partition = apply(spec, sources, values);
  return {write_partition_json(spec, result_types(spec, columns), partition), spec.partition_path(columns, partition)};
}

void partition_of_rows(const partition_spec &spec, const schema &columns, const ArrowArray &rows,
                       const ArrowSchema &described, ArrowArray &out, ArrowSchema &out_schema) {
  const std::vector<const field *> sources = sources_of(spec, columns);
  const std::vector<type> types = result_types(spec, columns);
  const arrow_rows from(rows, described, sources, columns);
  std::vector<export_column> given{{"partition", export_column::kind::utf8, false},
                                   {"partition_path", export_column::kind::utf8, false}};
  for (std::size_t i = 0; i < types.size(); ++i) given.push_back(export_column_of(spec.fields[i].name, types[i]));
  export_batch batch(given);
  std::vector<value> values(sources.size());
  for (std::int64_t row = 0; row < from.count(); ++row) {
    from.read(row, values);
    const partition_tuple partition = apply(spec, sources, values);
    batch.append_text(0, write_partition_json(spec, types, partition));
    batch.append_text(1, spec.partition_path(columns, partition));
    for (std::size_t i = 0; i < types.size(); ++i) append_value(batch, i + 2, types[i], *partition[i]);
  }
  owned<ArrowSchema> made;
  export_schema(given, *made);
  std::move(batch).finish(out);
  out_schema = made.give();
}

}  // namespace evodb
