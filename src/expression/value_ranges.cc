#include "expression/value_ranges.h"

#include <limits>

namespace evodb {
namespace {

template <typename Key>
constexpr Key lowest_key = std::numeric_limits<Key>::min();
template <typename Key>
constexpr Key highest_key = std::numeric_limits<Key>::max();
template <>
constexpr int128 highest_key<int128> = static_cast<int128>(~uint128{0} >> 1);
template <>
constexpr int128 lowest_key<int128> = -highest_key<int128> - 1;
template <>
constexpr uint128 lowest_key<uint128> = 0;
template <>
constexpr uint128 highest_key<uint128> = ~uint128{0};

/// Equal to a key for some reader: the key itself, for a zero both zeroes.
template <typename Key>
key_range<Key> equal_range(Key key, [[maybe_unused]] bool floating) noexcept {
  if constexpr (std::is_same_v<Key, std::int64_t>) {
    if (floating && (key == positive_zero_key || key == negative_zero_key))
      return {negative_zero_key, positive_zero_key};
  }
  return {key, key};
}

template <typename Key>
std::vector<key_range<Key>> below(Key key) {
  if (key == lowest_key<Key>) return {};
  return {{lowest_key<Key>, key - 1}};
}
template <typename Key>
std::vector<key_range<Key>> above(Key key) {
  if (key == highest_key<Key>) return {};
  return {{key + 1, highest_key<Key>}};
}

/// Puts ranges in order and joins those that overlap or touch.
template <typename Key>
void normalise(std::vector<key_range<Key>> &ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
  std::size_t kept = 0;
  for (const key_range<Key> &range : ranges) {
    if (kept > 0 && (ranges[kept - 1].last == highest_key<Key> || range.first <= ranges[kept - 1].last + 1)) {
      ranges[kept - 1].last = std::max(ranges[kept - 1].last, range.last);
    } else {
      ranges[kept++] = range;
    }
  }
  ranges.resize(kept);
}

template <typename Key>
std::vector<key_range<Key>> key_ranges(predicate_kind kind, const std::vector<value> &literals, bool floating) {
  std::vector<key_range<Key>> ranges;
  for (const value &v : literals) {
    Key key{};
    if (!to_order_key(v, key)) continue;
    switch (kind) {
      case predicate_kind::less:
        return below(key);
      case predicate_kind::less_equal:
        return {{lowest_key<Key>, equal_range(key, floating).last}};
      case predicate_kind::greater:
        return above(key);
      case predicate_kind::greater_equal:
        return {{equal_range(key, floating).first, highest_key<Key>}};
      case predicate_kind::not_equal:
      case predicate_kind::not_in:  // only what every reader takes for equal does not match
        ranges.push_back({key, key});
        break;
      default:
        ranges.push_back(equal_range(key, floating));
    }
  }
  return ranges;
}

/// What either order matches. Equality is the same in both.
uuid_ranges both_orders(predicate_kind kind, const std::vector<value> &literals) {
  constexpr uint128 lowest_signed = uint128{1} << 127 | uint128{1} << 63;
  constexpr uint128 highest_signed = ~lowest_signed;
  uuid_ranges ranges = key_ranges<uint128>(kind, literals, false);
  uint128 key = 0;
  if (!to_order_key(literals.front(), key)) return ranges;
  uuid_ranges more;
  if (kind == predicate_kind::less || kind == predicate_kind::less_equal) more = signed_uuid_ranges(lowest_signed, key);
  if (kind == predicate_kind::greater || kind == predicate_kind::greater_equal)
    more = signed_uuid_ranges(key, highest_signed);
  if (more.empty()) return ranges;
  ranges.insert(ranges.end(), more.begin(), more.end());
  normalise(ranges);
  if (kind == predicate_kind::less_equal || kind == predicate_kind::greater_equal) return ranges;
  // Neither order has the literal itself below or above it.
  uuid_ranges without;
  for (const auto &range : ranges) {
    if (key < range.first || range.last < key) {
      without.push_back(range);
      continue;
    }
    if (range.first < key) without.push_back({range.first, key - 1});
    if (key < range.last) without.push_back({key + 1, range.last});
  }
  return without;
}

bytes successor(std::string_view text) {
  return bytes(text) + '\0';
}

/// The lowest byte string above all that start with the prefix; null if there is none.
std::optional<bytes> end_of_prefix(bytes prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (prefix.empty()) return std::nullopt;
  ++prefix.back();
  return prefix;
}

byte_ranges byte_ranges_of(predicate_kind kind, const std::vector<value> &literals) {
  byte_ranges ranges;
  for (const value &v : literals) {
    std::string_view text;
    if (!to_order_key(v, text)) continue;
    switch (kind) {
      case predicate_kind::less:
        return {{bytes(), bytes(text)}};
      case predicate_kind::less_equal:
        return {{bytes(), successor(text)}};
      case predicate_kind::greater:
        return {{successor(text), std::nullopt}};
      case predicate_kind::greater_equal:
        return {{bytes(text), std::nullopt}};
      case predicate_kind::starts_with:
      case predicate_kind::not_starts_with:
        return {{bytes(text), end_of_prefix(bytes(text))}};
      default:
        ranges.push_back({bytes(text), successor(text)});
    }
  }
  return ranges;
}

/// uuids whose upper half is `high`, the lower one from `first` to `last` as signed numbers.
void add_low_range(uuid_ranges &ranges, std::int64_t high, std::int64_t first, std::int64_t last) {
  const auto add = [&](std::int64_t from, std::int64_t to) {
    const uint128 base = uint128{static_cast<std::uint64_t>(high)} << 64;
    ranges.push_back({base | static_cast<std::uint64_t>(from), base | static_cast<std::uint64_t>(to)});
  };
  if (first < 0 && last >= 0) {
    add(0, last);
    add(first, -1);
  } else {
    add(first, last);
  }
}

/// All uuids whose upper half is from `first` to `last`, which have one sign.
void add_high_range(uuid_ranges &ranges, std::int64_t first, std::int64_t last) {
  if (first > last) return;
  ranges.push_back({uint128{static_cast<std::uint64_t>(first)} << 64,
                    uint128{static_cast<std::uint64_t>(last)} << 64 | std::numeric_limits<std::uint64_t>::max()});
}

}  // namespace

value_ranges ranges_of(predicate_kind kind, const type &t, const std::vector<value> &literals, bool or_nan) {
  value_ranges result;
  if (literals.empty()) return result;
  result.excluded =
      kind == predicate_kind::not_equal || kind == predicate_kind::not_in || kind == predicate_kind::not_starts_with;
  switch (key_kind_of(t)) {
    case key_kind::none:
      break;
    case key_kind::integer:
      result.matching = key_ranges<std::int64_t>(kind, literals, false);
      break;
    case key_kind::floating: {
      integer_ranges ranges = key_ranges<std::int64_t>(kind, literals, true);
      if (or_nan) ranges.push_back({nan_key, nan_key});
      normalise(ranges);
      result.matching = std::move(ranges);
      break;
    }
    case key_kind::decimal:
      result.matching = key_ranges<int128>(kind, literals, false);
      break;
    case key_kind::uuid:
      result.matching = both_orders(kind, literals);
      break;
    case key_kind::byte_string:
      result.matching = byte_ranges_of(kind, literals);
      break;
  }
  return result;
}

uuid_ranges signed_uuid_ranges(uint128 lower, uint128 upper) {
  constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
  const auto low_high = static_cast<std::int64_t>(lower >> 64), low_low = static_cast<std::int64_t>(lower);
  const auto high_high = static_cast<std::int64_t>(upper >> 64), high_low = static_cast<std::int64_t>(upper);
  uuid_ranges ranges;
  if (low_high > high_high || (low_high == high_high && low_low > high_low)) return ranges;
  if (low_high == high_high) {
    add_low_range(ranges, low_high, low_low, high_low);
  } else {
    add_low_range(ranges, low_high, low_low, highest);
    const std::int64_t first = low_high + 1, last = high_high - 1;
    if (first < 0 && last >= 0) {
      add_high_range(ranges, 0, last);
      add_high_range(ranges, first, -1);
    } else {
      add_high_range(ranges, first, last);
    }
    add_low_range(ranges, high_high, lowest, high_low);
  }
  normalise(ranges);
  return ranges;
}

}  // namespace evodb
