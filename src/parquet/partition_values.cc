#include "parquet/partition_values.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text_cursor.h"
#include "base/utf8.h"
#include "model/partition_check.h"
#include "parquet/hive_path.h"

namespace evodb {
namespace {

/// A partition value, or why there is none.
struct derivation {
  std::optional<evodb::value> value;
  std::string problem;
};

derivation found(value v) {
  return {std::move(v), {}};
}
derivation not_found(std::string problem) {
  return {std::nullopt, std::move(problem)};
}

bool is_floating(const type &t) {
  return t.is(type_kind::float32) || t.is(type_kind::float64);
}

derivation undecided(const std::string &problem, const std::string &way_out = {}) {
  return not_found(
      fmt::format("{} (a data file has to lie in one partition{}{})", problem, way_out.empty() ? "" : ": ", way_out));
}

/// What there is one partition for each of.
std::string unit_of(const transform &t) {
  switch (t.kind) {
    case transform::kind::year:
    case transform::kind::month:
    case transform::kind::day:
    case transform::kind::hour:
      return t.to_text();
    case transform::kind::bucket:
      return "bucket";
    default:
      return "value";
  }
}

/// Throws INVALID_ARGUMENT where the text is no such value.
value value_in_path(const type &t, const std::string &text) {
  // Writers do not agree on how bytes are written as text, and DuckDB fills columns with other uuids than the partition's.
  if (t.is(type_kind::binary) || t.is(type_kind::fixed) || t.is(type_kind::uuid))
    fail(status::INVALID_ARGUMENT, fmt::format("a {} cannot be taken from a path", t.to_text()));
  if (!is_utf8(text)) fail(status::INVALID_ARGUMENT, "it is not UTF-8");
  return value_from_text(t, text);
}

derivation derive_from_path(const partition_field &p, const field &source, const hive_folder &folder,
                            path_values from_path) {
  const std::string problem =
      fmt::format("the file does not have column {}, but its path says {}", source.name, folder.text);
  if (p.transform.kind != transform::kind::identity)
    return not_found(problem +
                     ", which only a partition by the column itself could keep: write the column into the file");
  if (from_path == path_values::refuse)
    return not_found(problem +
                     ": write the column into the file, or have the path's values taken (option "
                     "inspect.partition-values-from-path, append --partition-from-path)");
  if (!folder.value && source.required) return not_found(problem + ", and the column is required");
  if (!folder.value) return found(null_value{});
  try {
    return found(value_in_path(source.type, *folder.value));
  } catch (const error &wrong) {
    return not_found(
        fmt::format("{} in its path is no {}: {} (a table whose column {} is a string takes it: schema "
                    "--json, create --schema)",
                    folder.text, source.type.to_text(), wrong.message(), source.name));
  }
}

/// Of a column of that name, or else of the partition field's.
std::optional<hive_folder> folder_of(const partition_field &p, std::string_view column, std::string_view file) {
  std::optional<hive_folder> folder = find_hive_folder(file, column);
  return folder ? folder : find_hive_folder(file, p.name);
}

derivation derive_absent(const partition_field &p, const field &source, const schema &s, std::string_view file,
                         path_values from_path) {
  const std::string name = s.full_name(source.id);
  const std::optional<hive_folder> folder = folder_of(p, name, file);
  if (folder && s.parent_of(source.id) == schema::no_parent) return derive_from_path(p, source, *folder, from_path);
  if (folder)
    return not_found(fmt::format(
        "the file does not have column {}, but its path says {}: write the column into the file", name, folder->text));
  const bool has_default = source.initial_default && !is_null(*source.initial_default);
  if (source.required && !has_default && s.parent_of(source.id) == schema::no_parent)
    return not_found(fmt::format("the file lacks the required column {}", name));
  if (!has_default) return found(null_value{});
  // Within a structure that may be null as well, the default stands in some rows only.
  if (s.parent_of(source.id) != schema::no_parent)
    return undecided(fmt::format("the file does not have column {}", name));
  return found(p.transform.apply(source.type, *source.initial_default));
}

/// Bounds hold every value between them, so that they decide the partition where both fall into it, however they were
/// cut.
derivation derive_present(const partition_field &p, const field &source, const std::string &name,
                          const column_summary &c) {
  const type &t = source.type;
  if (c.is_all_null()) return found(null_value{});
  if (!c.null_count) return undecided(fmt::format("column {} may hold nulls", name));
  if (*c.null_count != 0)
    return undecided(fmt::format("column {} holds values and nulls", name),
                     "write the rows without a value into a file of their own");
  if (is_floating(t) && c.nan_count != 0)
    return undecided(fmt::format("column {} may hold NaN, which Parquet files seldom count", name),
                     "partition the table by a column of another type, or describe the file with its partition");
  if (!c.lower || !c.upper) return undecided(fmt::format("column {} has no bounds", name));
  const type result = p.transform.result_type(t);
  const value lowest = p.transform.apply(t, *c.lower);
  const bool decided = p.transform.preserves_order() ? compare(result, lowest, p.transform.apply(t, *c.upper)) == 0
                                                     : compare(t, *c.lower, *c.upper) == 0;
  if (decided) return found(lowest);
  return undecided(
      fmt::format("column {} spans {} to {}", name, to_short_text(t, *c.lower), to_short_text(t, *c.upper)),
      fmt::format("write one file for each {}", unit_of(p.transform)));
}

derivation derive(const partition_field &p, const schema &s, const summaries_by_id &columns, std::string_view file,
                  path_values from_path) {
  if (p.transform.kind == transform::kind::void_) return found(null_value{});
  if (p.transform.kind == transform::kind::unknown || p.source_ids.size() != 1)
    return not_found(fmt::format("transform {} is not known", p.transform.to_text()));
  const field *source = s.find(p.source_id());
  if (!source || source->type.is(type_kind::unknown)) return found(null_value{});
  const auto column = columns.find(source->id);
  derivation derived = column == columns.end() ? derive_absent(p, *source, s, file, from_path)
                                               : derive_present(p, *source, s.full_name(source->id), column->second);
  if (!derived.value) return derived;
  const auto reason = impossible_partition(p.transform, source->type, *derived.value);
  if (!reason) return derived;
  return not_found(fmt::format("{} of column {} gives {}, but {}", p.transform.to_text(), s.full_name(source->id),
                               to_short_text(p.transform.result_type(source->type), *derived.value), *reason));
}

void check_against_file(const value &given, const partition_field &p, const schema &s, const summaries_by_id &columns,
                        std::string_view file) {
  const field *source = p.source_ids.size() == 1 ? s.find(p.source_id()) : nullptr;
  if (source == nullptr) return;
  const auto column = columns.find(source->id);
  if (column == columns.end() && source->required && !source->initial_default && is_null(given))
    fail(status::INVALID_ARGUMENT,
         fmt::format("partition field {} of {} is given as null, but column {} is required", p.name, file,
                     s.full_name(source->id)),
         std::string(file));
  std::optional<std::string> reason = impossible_partition(p.transform, source->type, given);
  // The partition alone has the values of a column that the file does not have.
  if (!reason && column != columns.end())
    reason = partition_contradiction(p.transform, source->type, s.full_name(source->id), column->second, given);
  if (reason) fail_partition(p, source->type, given, *reason, file);
}

}  // namespace

std::vector<value> derive_partition(const partition_spec &spec, const schema &s, const summaries_by_id &columns,
                                    std::string_view file, path_values from_path) {
  std::vector<value> values;
  for (const partition_field &p : spec.fields) {
    derivation derived = derive(p, s, columns, file, from_path);
    if (!derived.value)
      fail(status::INVALID_ARGUMENT,
           fmt::format("cannot derive partition field {} of {}: {}", p.name, file, derived.problem), std::string(file));
    values.push_back(*std::move(derived.value));
  }
  return values;
}

std::vector<std::string> columns_of_path_alone(const partition_spec &spec, const schema &s, std::string_view file) {
  std::vector<std::string> names = hive_columns(file);
  std::erase_if(names, [&](const std::string &name) {
    const auto has_name = [&](const auto &one) { return equal_ignoring_case(one.name, name); };
    return std::any_of(s.fields().begin(), s.fields().end(), has_name) ||
           std::any_of(spec.fields.begin(), spec.fields.end(), has_name);
  });
  return names;
}

std::vector<std::string> path_values_of_other_text(const partition_spec &spec, const schema &s,
                                                   const std::set<std::int32_t> &present_ids, std::string_view file) {
  std::vector<std::string> found;
  for (const partition_field &p : spec.fields) {
    const field *source =
        p.transform.kind == transform::kind::identity && p.source_ids.size() == 1 ? s.find(p.source_id()) : nullptr;
    if (!source || present_ids.contains(source->id)) continue;
    if (!source->type.is(type_kind::int32) && !source->type.is(type_kind::int64)) continue;
    const std::optional<hive_folder> folder = folder_of(p, source->name, file);
    if (folder && folder->value && !is_canonical_integer(*folder->value))
      found.push_back(fmt::format("{} is {}", folder->text,
                                  to_short_text(source->type, value_from_text(source->type, *folder->value))));
  }
  return found;
}

void check_path_has_no_more(const partition_spec &spec, const schema &s, const std::set<std::int32_t> &present_ids,
                            std::string_view file, path_values from_path) {
  if (from_path == path_values::take) {
    for (const std::string &name : columns_of_path_alone(spec, s, file))
      fail(status::INVALID_ARGUMENT,
           fmt::format("the path of {} has a value of {}, which is no column of the table: a table that is made with "
                       "that column, and partitioned by it, can take it (create --like with --partition-from-path)",
                       file, name),
           std::string(file));
  }
  std::set<std::int32_t> sources;
  for (const partition_field &p : spec.fields) {
    if (p.transform.kind != transform::kind::void_) sources.insert(p.source_ids.begin(), p.source_ids.end());
  }
  for (const field &f : s.fields()) {
    if (present_ids.contains(f.id) || sources.contains(f.id)) continue;
    const std::optional<hive_folder> folder = find_hive_folder(file, f.name);
    if (folder)
      fail(status::INVALID_ARGUMENT,
           fmt::format("{} does not have column {}, but its path says {}: write the column into the file (only a table "
                       "that is partitioned by the column itself can take values from paths)",
                       file, f.name, folder->text),
           std::string(file));
  }
}

void check_given_partition(const std::vector<value> &given, const partition_spec &spec, const schema &s,
                           const summaries_by_id &columns, std::string_view file) {
  if (given.size() != spec.fields.size())
    fail(status::INVALID_ARGUMENT,
         fmt::format("{} partition values given for {}, where the spec has {} fields", given.size(), file,
                     spec.fields.size()),
         std::string(file));
  for (std::size_t i = 0; i < given.size(); ++i) {
    const partition_field &p = spec.fields[i];
    const type expected = spec.result_type(p, s);
    if (!expected.is(type_kind::unknown) && !is_value_of(expected, given[i]))
      fail(status::INVALID_ARGUMENT,
           fmt::format("the value given for partition field {} of {} is no {}", p.name, file, expected.to_text()),
           std::string(file));
    if (p.transform.kind != transform::kind::unknown) check_against_file(given[i], p, s, columns, file);
  }
}

}  // namespace evodb
