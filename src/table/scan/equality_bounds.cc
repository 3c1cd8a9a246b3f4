#include "table/scan/equality_bounds.h"

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "base/int128.h"
#include "expression/order_key.h"
#include "model/value.h"

namespace evodb {
namespace {

/// Signed, most significant octet first and the sign turned around, so that octets are in the order of numbers.
template <typename Number, typename Unsigned>
bytes in_byte_order(Number number) {
  constexpr std::size_t width = sizeof(Unsigned);
  const auto shifted = static_cast<Unsigned>(number) ^ (Unsigned{1} << (8 * width - 1));
  bytes octets(width, '\0');
  for (std::size_t i = 0; i < width; ++i) octets[i] = static_cast<char>(shifted >> (8 * (width - 1 - i)));
  return octets;
}

std::optional<bytes> comparable_bound(const type &t, byte_view bound) {
  const key_kind kind = key_kind_of(t);
  if (kind == key_kind::byte_string) return bytes(bound);
  // Bounds of uuids are in one of two orders, and do not say in which.
  if (kind == key_kind::none || kind == key_kind::uuid) return std::nullopt;
  const std::optional<value> read = bound_from_single_value(t, bound);
  if (!read || is_nan(*read)) return std::nullopt;
  if (kind == key_kind::decimal) {
    int128 unscaled = 0;
    if (!to_order_key(*read, unscaled)) return std::nullopt;
    return in_byte_order<int128, uint128>(unscaled);
  }
  std::int64_t key = 0;
  if (!to_order_key(*read, key)) return std::nullopt;
  if (kind == key_kind::floating && key == negative_zero_key) key = positive_zero_key;
  return in_byte_order<std::int64_t, std::uint64_t>(key);
}

std::optional<bytes> bound_at(const data_files &files, const bound_column &bounds, std::size_t row, const type &t) {
  const std::optional<byte_view> bound = bounds.at(row, files.arena);
  return bound ? comparable_bound(t, *bound) : std::nullopt;
}

}  // namespace

column_extent extent_of(const data_files &files, std::size_t row, std::int32_t field_id, const type &column_type) {
  column_extent extent;
  const bool is_floating = key_kind_of(column_type) == key_kind::floating;
  extent.may_have_nan = is_floating;
  const metrics_column *metrics = files.find_metrics(field_id);
  if (metrics == nullptr) return extent;
  const auto count_at = [&](const std::vector<std::int64_t> &counts) {
    return counts.empty() ? data_files::no_value : counts[row];
  };
  const std::int64_t values = count_at(metrics->value_counts), nulls = count_at(metrics->null_value_counts);
  extent.may_have_null = nulls != 0;
  extent.only_null = nulls > 0 && nulls == values;
  if (is_floating) extent.may_have_nan = count_at(metrics->nan_value_counts) != 0;
  extent.lower = bound_at(files, metrics->lower_bounds, row, column_type);
  extent.upper = bound_at(files, metrics->upper_bounds, row, column_type);
  return extent;
}

bool may_have_equal(const column_extent &a, const column_extent &b) noexcept {
  if (a.may_have_null && b.may_have_null) return true;
  if (a.only_null || b.only_null) return false;  // the other has no null
  if (a.may_have_nan && b.may_have_nan) return true;
  const auto is_below = [](const column_extent &x, const column_extent &y) {
    return x.upper && y.lower && *x.upper < *y.lower;
  };
  return !is_below(a, b) && !is_below(b, a);
}

}  // namespace evodb
