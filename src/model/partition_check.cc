#include "model/partition_check.h"

#include <fmt/format.h>

#include <limits>

#include "base/bytes.h"
#include "base/error.h"
#include "base/utf8.h"

namespace evodb {
namespace {

/// A column of type unknown has no values to transform.
bool is_checkable(const transform &t, const type &source) noexcept {
  return t.kind != transform::kind::unknown && !source.is(type_kind::unknown) && t.can_transform(source);
}

bool is_floating(const type &t) noexcept {
  return t.is(type_kind::float32) || t.is(type_kind::float64);
}

/// Whether truncation may have given the value by wrapping around below the lowest multiple.
bool may_be_wrapped(const transform &t, const type &source, const value &given) {
  if (source.is(type_kind::int32))
    return get<std::int32_t>(source, given) > std::numeric_limits<std::int32_t>::max() - t.parameter;
  if (source.is(type_kind::int64))
    return get<std::int64_t>(source, given) > std::numeric_limits<std::int64_t>::max() - t.parameter;
  return false;
}

/// As what is truncated below the lowest multiple that a decimal of so many digits can be.
bool has_too_many_digits(const type &source, const value &given) {
  const int128 unscaled = get<int128>(source, given), limit = power_of_ten(source.precision());
  return unscaled >= limit || unscaled <= -limit;
}

/// A bound through the transform; null where it says nothing there.
std::optional<value> transformed(const transform &t, const type &source, const std::optional<value> &bound) {
  if (!bound || is_nan(*bound) || t.wraps(source, *bound)) return std::nullopt;
  return t.apply(source, *bound);
}

std::string span_of(const type &source, std::string_view column, const column_facts &facts) {
  if (!facts.upper) return fmt::format("column {} begins at {}", column, to_short_text(source, *facts.lower));
  if (!facts.lower) return fmt::format("column {} ends at {}", column, to_short_text(source, *facts.upper));
  return fmt::format("column {} spans {} to {}", column, to_short_text(source, *facts.lower),
                     to_short_text(source, *facts.upper));
}

/// The value that every row has that is not null; null if the bounds leave more than one.
const value *single_value(const type &source, const column_facts &facts) {
  if (!facts.lower || !facts.upper || compare(source, *facts.lower, *facts.upper) != 0) return nullptr;
  return is_value_of(source, *facts.lower) ? &*facts.lower : nullptr;  // a fixed may be cut short
}

/// Why not all rows are null.
std::optional<std::string> why_not_null(const type &source, std::string_view column, const column_facts &facts) {
  if (facts.null_count == 0) return fmt::format("column {} holds no nulls", column);
  if (facts.null_count && !facts.is_all_null())
    return fmt::format("column {} holds {} nulls among {} values", column, *facts.null_count, facts.value_count);
  if (!facts.null_count && (facts.lower || facts.upper)) return span_of(source, column, facts);
  if (facts.nan_count.value_or(0) > 0)
    return fmt::format("column {} holds {} NaN among {} values", column, *facts.nan_count, facts.value_count);
  return std::nullopt;
}

/// Why not all rows are NaN, or some are.
std::optional<std::string> why_not_this_nan(const type &source, std::string_view column, const column_facts &facts,
                                            const value &given) {
  const auto is_ordinary = [](const std::optional<value> &bound) { return bound && !is_nan(*bound); };
  if (is_nan(given) && (is_ordinary(facts.lower) || is_ordinary(facts.upper))) return span_of(source, column, facts);
  const std::int64_t nans = facts.nan_count.value_or(is_nan(given) ? facts.value_count : 0);
  if (is_nan(given) ? nans >= facts.value_count : nans == 0) return std::nullopt;
  return fmt::format("column {} holds {} NaN among {} values", column, nans, facts.value_count);
}

std::optional<std::string> why_not_between(const transform &t, const type &source, std::string_view column,
                                           const column_facts &facts, const value &given) {
  const type result = t.result_type(source);
  const std::optional<value> lowest = transformed(t, source, facts.lower),
                             highest = transformed(t, source, facts.upper);
  const bool is_outside =
      (lowest && is_below(result, given, *lowest)) || (highest && is_below(result, *highest, given));
  return is_outside ? std::optional(span_of(source, column, facts)) : std::nullopt;
}

std::optional<std::string> why_not_this_bucket(const transform &t, const type &source, std::string_view column,
                                               const column_facts &facts, const value &given) {
  const value *single = single_value(source, facts);
  if (single == nullptr) return std::nullopt;
  const value bucket = t.apply(source, *single);
  if (bucket == given) return std::nullopt;
  return fmt::format("column {} is {} in every row, which is bucket {}", column, to_short_text(source, *single),
                     to_text(type_kind::int32, bucket));
}

}  // namespace

std::optional<std::string> impossible_partition(const transform &t, const type &source, const value &given) {
  if (is_null(given)) return std::nullopt;
  if (t.kind == transform::kind::void_) return "void gives null alone";
  if (!is_checkable(t, source)) return std::nullopt;
  if (t.kind == transform::kind::bucket) {
    const std::int32_t bucket = get<std::int32_t>(type_kind::int32, given);
    if (bucket < 0 || bucket >= t.parameter) return fmt::format("{} gives 0 to {}", t.to_text(), t.parameter - 1);
  }
  if (source.is(type_kind::decimal) && t.result_type(source).is(type_kind::decimal) &&
      has_too_many_digits(source, given))
    return fmt::format("{} has at most {} digits: give the column more", source.to_text(), source.precision());
  if (t.kind == transform::kind::truncate && !may_be_wrapped(t, source, given)) {
    const value truncated = t.apply(source, given);
    if (truncated != given) return fmt::format("{} makes that {}", t.to_text(), to_short_text(source, truncated));
  }
  return std::nullopt;
}

std::optional<std::string> partition_contradiction(const transform &t, const type &source, std::string_view column,
                                                   const column_facts &facts, const value &given) {
  if (t.kind == transform::kind::void_ || !is_checkable(t, source) || facts.value_count == 0) return std::nullopt;
  if (is_null(given)) return why_not_null(source, column, facts);
  if (facts.null_count.value_or(0) > 0) {
    return facts.is_all_null()
               ? fmt::format("column {} holds nulls alone", column)
               : fmt::format("column {} holds {} nulls among {} values", column, *facts.null_count, facts.value_count);
  }
  if (is_floating(source)) {
    std::optional<std::string> reason = why_not_this_nan(source, column, facts, given);
    if (reason || is_nan(given)) return reason;
  }
  return t.preserves_order() ? why_not_between(t, source, column, facts, given)
                             : why_not_this_bucket(t, source, column, facts, given);
}

void fail_partition(const partition_field &p, const type &source, const value &given, std::string_view reason,
                    std::string_view file) {
  const type result = p.transform.result_type(source);
  std::string shown = to_short_text(result, given);
  const bool counts_from_1970 = p.transform.kind == transform::kind::year ||
                                p.transform.kind == transform::kind::month || p.transform.kind == transform::kind::hour;
  if (counts_from_1970 && !is_null(given)) shown += fmt::format(" ({})", p.transform.to_human_text(source, given));
  fail(status::INVALID_ARGUMENT,
       fmt::format("partition field {} of {} is given as {}, but {}", p.name, file, shown, reason), std::string(file));
}

void check_partition(const partition_spec &spec, const schema &columns, const std::vector<value> &given,
                     std::string_view file) {
  for (std::size_t i = 0; i < given.size(); ++i) {
    const partition_field &p = spec.fields[i];
    const field *source = columns.find(p.source_id());
    if (source == nullptr) continue;
    if (const auto reason = impossible_partition(p.transform, source->type, given[i]))
      fail_partition(p, source->type, given[i], *reason, file);
    const bool gives_null = p.transform.kind == transform::kind::void_ || p.transform.kind == transform::kind::unknown;
    if (is_null(given[i]) && !gives_null && columns.is_never_null(source->id)) {
      fail_partition(p, source->type, given[i], fmt::format("column {} is required", columns.full_name(source->id)),
                     file);
    }
  }
}

std::string to_short_text(const type &t, const value &v) {
  constexpr std::size_t longest = 64;
  std::string text = to_text(t, v);
  if (!is_utf8(text)) text = to_hex(text);
  const std::size_t end = offset_of_code_point(text, longest);
  return end == text.size() ? text : text.substr(0, end) + "…";
}

bool is_below(const type &t, const value &a, const value &b) {
  if (t.is(type_kind::float32)) return get<float>(t, a) < get<float>(t, b);
  if (t.is(type_kind::float64)) return get<double>(t, a) < get<double>(t, b);
  return compare(t, a, b) < 0;
}

}  // namespace evodb
