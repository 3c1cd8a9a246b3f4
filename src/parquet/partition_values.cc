#include "parquet/partition_values.h"

#include <fmt/format.h>

#include "base/error.h"
#include "model/partition_check.h"

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

derivation derive_absent(const partition_field &p, const field &source, const schema &s) {
  if (!source.initial_default || is_null(*source.initial_default)) return found(null_value{});
  // Within a structure that may be null as well, the default stands in some rows only.
  if (s.parent_of(source.id) != 0)
    return not_found(fmt::format("the file does not have column {}", s.full_name(source.id)));
  return found(p.transform.apply(source.type, *source.initial_default));
}

/// Bounds hold every value between them, so that they decide the partition where both fall into it, however they were
/// cut.
derivation derive_present(const partition_field &p, const field &source, const std::string &name,
                          const column_summary &c) {
  const type &t = source.type;
  if (c.is_all_null()) return found(null_value{});
  if (!c.null_count) return not_found(fmt::format("column {} may hold nulls", name));
  if (*c.null_count != 0) return not_found(fmt::format("column {} holds values and nulls", name));
  if (is_floating(t) && c.nan_count != 0) return not_found(fmt::format("column {} may hold NaN", name));
  if (!c.lower || !c.upper) return not_found(fmt::format("column {} has no bounds", name));
  const type result = p.transform.result_type(t);
  const value lowest = p.transform.apply(t, *c.lower);
  const bool decided = p.transform.preserves_order() ? compare(result, lowest, p.transform.apply(t, *c.upper)) == 0
                                                     : compare(t, *c.lower, *c.upper) == 0;
  if (decided) return found(lowest);
  return not_found(
      fmt::format("column {} spans {} to {}", name, to_short_text(t, *c.lower), to_short_text(t, *c.upper)));
}

derivation derive(const partition_field &p, const schema &s, const summaries_by_id &columns) {
  if (p.transform.kind == transform::kind::void_) return found(null_value{});
  if (p.transform.kind == transform::kind::unknown || p.source_ids.size() != 1)
    return not_found(fmt::format("transform {} is not known", p.transform.to_text()));
  const field *source = s.find(p.source_id());
  if (!source || source->type.is(type_kind::unknown)) return found(null_value{});
  const auto column = columns.find(source->id);
  if (column == columns.end()) return derive_absent(p, *source, s);
  return derive_present(p, *source, s.full_name(source->id), column->second);
}

void check_against_file(const value &given, const partition_field &p, const schema &s, const summaries_by_id &columns,
                        std::string_view file) {
  const field *source = p.source_ids.size() == 1 ? s.find(p.source_id()) : nullptr;
  if (source == nullptr) return;
  std::optional<std::string> reason = impossible_partition(p.transform, source->type, given);
  const auto column = columns.find(source->id);
  // The partition alone has the values of a column that the file does not have.
  if (!reason && column != columns.end())
    reason = partition_contradiction(p.transform, source->type, s.full_name(source->id), column->second, given);
  if (reason) fail_partition(p, source->type, given, *reason, file);
}

}  // namespace

std::vector<value> derive_partition(const partition_spec &spec, const schema &s, const summaries_by_id &columns,
                                    std::string_view file) {
  std::vector<value> values;
  for (const partition_field &p : spec.fields) {
    derivation derived = derive(p, s, columns);
    if (!derived.value)
      fail(status::INVALID_ARGUMENT,
           fmt::format("cannot derive partition field {} of {}: {} (a data file has to lie in one partition)", p.name,
                       file, derived.problem),
           std::string(file));
    values.push_back(*std::move(derived.value));
  }
  return values;
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
