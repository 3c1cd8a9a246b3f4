#include "parquet/column_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/little_endian.h"
#include "parquet/plain_value.h"

namespace evodb {
namespace {

/// Whether signed comparison, by which the deprecated statistics are made, is the order of the column's values.
bool is_ordered_as_signed(const file_column &leaf) {
  switch (*leaf.node->physical) {
    case physical_type::boolean:
    case physical_type::int32:
    case physical_type::int64:
    case physical_type::float32:
    case physical_type::float64:
      return true;
    default:
      return false;
  }
}

struct bound_pair {
  std::optional<value> lower, upper;
};

std::optional<value> plain_value(const file_column &leaf, const std::optional<bytes> &plain) {
  if (!plain) return std::nullopt;
  return plain_value(leaf, byte_view(*plain));
}

/// -0.0 and 0.0 are one number to many writers, but Iceberg has one below the other: a bound holds for both.
template <typename T>
void widen_zeros(bound_pair &bounds) {
  if (bounds.lower && std::get<T>(*bounds.lower) == 0) bounds.lower = -T{0};
  if (bounds.upper && std::get<T>(*bounds.upper) == 0) bounds.upper = T{0};
}

bool is_nan(const file_column &leaf, const std::optional<bytes> &plain) {
  if (!plain) return false;
  if (leaf.type.is(type_kind::float32))
    return plain->size() == sizeof(float) && std::isnan(load_le<float>(plain->data()));
  if (leaf.type.is(type_kind::float64))
    return plain->size() == sizeof(double) && std::isnan(load_le<double>(plain->data()));
  return false;
}

bound_pair bounds_of(const column_chunk &chunk, const file_column &leaf, std::optional<column_order> order) {
  const column_statistics &s = chunk.statistics;
  // Without an order the newer statistics mean nothing by the format; but no writer has two ideas of how signed numbers
  // are ordered.
  const bool is_ordered = order ? *order != column_order::undefined : is_ordered_as_signed(leaf);
  const std::optional<bytes> *lower = nullptr, *upper = nullptr;
  if (is_ordered && (s.min_value || s.max_value)) {
    lower = &s.min_value;
    upper = &s.max_value;
  } else if (is_ordered_as_signed(leaf)) {
    lower = &s.signed_min;
    upper = &s.signed_max;
  } else {
    return {};
  }
  // Writers that let a NaN into one of them compared with it, so that the other may be wrong as well.
  if (is_nan(leaf, *lower) || is_nan(leaf, *upper)) return {};
  bound_pair bounds{plain_value(leaf, *lower), plain_value(leaf, *upper)};
  if (leaf.type.is(type_kind::float32)) widen_zeros<float>(bounds);
  if (leaf.type.is(type_kind::float64)) widen_zeros<double>(bounds);
  if (bounds.lower && bounds.upper && compare(leaf.type, *bounds.lower, *bounds.upper) > 0) return {};
  return bounds;
}

/// The statistics' own count where it can be true; none of a column that has no level for it is null.
std::optional<std::int64_t> null_count_of(const column_chunk &chunk, const file_column &leaf) {
  if (leaf.definition_level == 0 || chunk.num_values == 0) return 0;
  const std::optional<std::int64_t> &count = chunk.statistics.null_count;
  return count && *count <= chunk.num_values ? count : std::nullopt;
}

std::optional<std::int64_t> nan_count_of(const column_chunk &chunk) {
  if (chunk.num_values == 0) return 0;
  const std::optional<std::int64_t> &count = chunk.statistics.nan_count;
  return count && *count <= chunk.num_values ? count : std::nullopt;
}

/// Keeps the sum known only while all its parts are; a part is at most the value count, so that the sum cannot
/// overflow.
void add(std::optional<std::int64_t> &sum, std::optional<std::int64_t> part) {
  sum = sum && part ? std::optional(*sum + *part) : std::nullopt;
}

/// Merges the bound of another row group into the lower (`side` -1) or upper (1) bound so far.
void widen(std::optional<value> &bound, const std::optional<value> &other, const type &t, int side) {
  const auto order = bound && other ? compare(t, *other, *bound) : std::strong_ordering::equal;
  if (!bound || (side < 0 ? order < 0 : order > 0)) bound = other;
}

}  // namespace

column_summary summarise(const parquet_footer &footer, const file_column &leaf, std::int64_t file_size,
                         std::string_view file) {
  const auto fail_corrupt = [&](std::string_view problem) {
    fail(status::CORRUPT, fmt::format("column {} of {}: {}", leaf.full_name, file, problem), std::string(file));
  };
  std::optional<column_order> order;
  if (!footer.column_orders.empty()) order = footer.column_orders[leaf.first_leaf];
  const bool is_floating = leaf.type.is(type_kind::float32) || leaf.type.is(type_kind::float64);

  column_summary summary;
  summary.null_count = 0;
  if (is_floating) summary.nan_count = 0;
  bool has_lower = true, has_upper = true;
  for (const row_group &group : footer.row_groups) {
    const column_chunk &chunk = group.columns[leaf.first_leaf];
    if (chunk.total_compressed_size > file_size || chunk.start() > file_size - chunk.total_compressed_size)
      fail_corrupt("its pages lie beyond the end of the file");
    if (!leaf.is_repeated && chunk.num_values != group.num_rows)
      fail_corrupt("it has more or fewer values than the file has rows");
    if (__builtin_add_overflow(summary.compressed_size, chunk.total_compressed_size, &summary.compressed_size) ||
        __builtin_add_overflow(summary.value_count, chunk.num_values, &summary.value_count))
      fail_corrupt("its sizes do not fit 64 bits");

    const std::optional<std::int64_t> nulls = null_count_of(chunk, leaf), nans = is_floating ? nan_count_of(chunk) : 0;
    add(summary.null_count, nulls);
    add(summary.nan_count, is_floating ? nans : std::nullopt);
    if (nulls && nans && *nulls == chunk.num_values - *nans) continue;  // it has no values that bounds could bound
    const bound_pair bounds = bounds_of(chunk, leaf, order);
    has_lower = has_lower && bounds.lower;
    has_upper = has_upper && bounds.upper;
    widen(summary.lower, bounds.lower, leaf.type, -1);
    widen(summary.upper, bounds.upper, leaf.type, 1);
  }
  if (!has_lower) summary.lower.reset();
  if (!has_upper) summary.upper.reset();
  return summary;
}

bool may_be_null(const parquet_footer &footer, const file_column &column) {
  if (column.required) return false;
  // A leaf without nulls has no structure around it that is null; but what counts as a null in a list, writers disagree
  // on.
  const file_column *first_leaf = &column;
  while (first_leaf->type.is(type_kind::structure)) first_leaf = &first_leaf->children.front();
  const bool nulls_tell = column.is_leaf() || (first_leaf->is_leaf() && !column.is_repeated);
  const auto may_be_null_in = [&](const row_group &group) {
    const column_chunk &chunk = group.columns[column.first_leaf];
    // A null of this column is a value that is defined up to the level below it.
    const std::size_t level_below = static_cast<std::size_t>(column.definition_level) - 1;
    if (level_below < chunk.definition_level_histogram.size())
      return chunk.definition_level_histogram[level_below] != 0;
    return chunk.num_values != 0 && !(nulls_tell && chunk.statistics.null_count == 0);
  };
  return std::any_of(footer.row_groups.begin(), footer.row_groups.end(), may_be_null_in);
}

}  // namespace evodb
