#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/int128.h"
#include "expression/order_key.h"
#include "expression/predicate.h"
#include "model/type.h"
#include "model/value.h"

namespace evodb {

/// Both ends included.
template <typename Key>
struct key_range {
  using key = Key;
  Key first;
  Key last;
};
template <typename Key>
bool ends_before(const key_range<Key> &range, Key key) noexcept {
  return range.last < key;
}
template <typename Key>
bool starts_after(const key_range<Key> &range, Key key) noexcept {
  return key < range.first;
}

/// Byte strings from `first` on that lie below `end`; without `end` all of them. (What follows x is x and a zero octet,
/// so that every kind of comparison is such a range.)
struct byte_interval {
  using key = std::string_view;
  bytes first;
  std::optional<bytes> end;
};
inline bool ends_before(const byte_interval &range, std::string_view key) noexcept {
  return range.end && *range.end <= key;
}
inline bool starts_after(const byte_interval &range, std::string_view key) noexcept {
  return key < range.first;
}

/// Ascending, none touching the next one.
using integer_ranges = std::vector<key_range<std::int64_t>>;
using decimal_ranges = std::vector<key_range<int128>>;
using uuid_ranges = std::vector<key_range<uint128>>;
using byte_ranges = std::vector<byte_interval>;

/// The values that a comparison matches, for whatever reader: where orders or equalities differ (uuids signed or not,
/// the two zeroes, NaN) it holds what either matches. Integers and floats are in `integer_ranges` (order_key.h).
struct value_ranges {
  std::variant<std::monostate, integer_ranges, decimal_ranges, uuid_ranges, byte_ranges>
      matching;           ///< monostate: not a comparison
  bool excluded = false;  ///< of <>, NOT IN and NOT STARTS WITH: the ranges hold what does *not* match

  /// Calls `f` with the ranges, whose value_type::key is what they compare; returns `otherwise` for what is not a
  /// comparison.
  template <typename F, typename Result>
  Result visit(F &&f, Result otherwise) const {
    return std::visit(
        [&](const auto &ranges) {
          if constexpr (std::is_same_v<std::decay_t<decltype(ranges)>, std::monostate>) {
            return otherwise;
          } else {
            return f(ranges);
          }
        },
        matching);
  }
};

template <typename Ranges>
using key_of = typename Ranges::value_type::key;

value_ranges ranges_of(predicate_kind kind, const type &t, const std::vector<value> &literals, bool or_nan);

/// Whether a range and what lies from `lower` to `upper` have a value in common; null bounds are open.
template <typename Ranges>
[[gnu::always_inline]] inline bool intersect(const Ranges &ranges, const key_of<Ranges> *lower,
                                             const key_of<Ranges> *upper) {
  if (ranges.size() == 1) {  // as of most comparisons
    const auto &range = ranges.front();
    return !(lower && ends_before(range, *lower)) && !(upper && starts_after(range, *upper));
  }
  auto at = ranges.begin();
  if (lower) at = std::partition_point(at, ranges.end(), [&](const auto &range) { return ends_before(range, *lower); });
  return at != ranges.end() && !(upper && starts_after(*at, *upper));
}

/// Whether one range holds all from `lower` to `upper`.
template <typename Ranges>
bool cover(const Ranges &ranges, const key_of<Ranges> &lower, const key_of<Ranges> &upper) {
  const auto at =
      std::partition_point(ranges.begin(), ranges.end(), [&](const auto &range) { return ends_before(range, lower); });
  return at != ranges.end() && !starts_after(*at, lower) && !ends_before(*at, upper);
}

template <typename Ranges>
bool contain(const Ranges &ranges, const key_of<Ranges> &key) {
  return cover(ranges, key, key);
}

/// Java orders uuids as two signed 64-bit numbers. The uuids from `lower` to `upper` in that order, as at most six
/// ranges of the unsigned one; none where `lower` is above `upper`.
uuid_ranges signed_uuid_ranges(uint128 lower, uint128 upper);

}  // namespace evodb
