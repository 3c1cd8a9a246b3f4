#pragma once

#include <algorithm>
#include <optional>
#include <type_traits>

#include "base/bytes.h"
#include "base/little_endian.h"
#include "expression/bound_predicate.h"
#include "expression/value_ranges.h"
#include "model/type.h"
#include "model/value.h"

namespace evodb {

// What bounds and counts of one column say of a leaf, for one file or for all files of a manifest alike. `Facts` tells
// the counts:
//   may_have_null, may_have_nan: whether there may be such values; true where that is not known
//   has_nan: whether it is known that there is NaN
//   only_null, only_nan: whether all values are such; no_ordinary_value: whether all values are null or NaN. False
//   where that is not known

/// A test of nulls and NaN.
template <typename Facts>
bool null_test_may_match(predicate_kind kind, const Facts &facts) {
  switch (kind) {
    case predicate_kind::is_null:
      return facts.may_have_null();
    case predicate_kind::not_null:
      return !facts.only_null();
    case predicate_kind::is_nan:
      return facts.may_have_nan() && !facts.only_null();
    case predicate_kind::not_nan:
      return !facts.only_nan();
    default:
      return true;
  }
}

/// A bound as a key, if there is one. (Written in place and never copied: a std::optional costs three times the
/// comparison.)
template <typename Key>
struct key_bound {
  Key key{};
  bool known = false;
};

/// Whether values between the bounds may match.
template <typename Ranges>
[[gnu::always_inline]] inline bool bounds_may_match(const Ranges &ranges, const key_bound<key_of<Ranges>> &lower,
                                                    const key_bound<key_of<Ranges>> &upper) {
  const auto meets = [&](const auto &from, const auto &to) __attribute__((always_inline)) {
    return intersect(ranges, lower.known ? &from : nullptr, upper.known ? &to : nullptr);
  };
  if constexpr (std::is_same_v<Ranges, uuid_ranges>) {
    // The bounds are the least and greatest uuid in one of two orders, and do not say in which.
    if (!lower.known || !upper.known || meets(lower.key, upper.key)) return true;
    const uuid_ranges between = signed_uuid_ranges(lower.key, upper.key);
    return std::any_of(between.begin(), between.end(),
                       [&](const auto &range) { return meets(range.first, range.last); });
  } else {
    return meets(lower.key, upper.key);
  }
}

/// A comparison, whose ranges are visited: what is the same for all files is looked up once.
template <typename Ranges>
class comparison_test {
 public:
  using bound = key_bound<key_of<Ranges>>;

  comparison_test(const bound_predicate &leaf, const Ranges &ranges)
      : ranges_(ranges),
        excluded_(leaf.ranges.excluded),
        floating_(key_kind_of(leaf.type) == key_kind::floating),
        nan_is_highest_(leaf.nan_is_highest) {
    if constexpr (std::is_same_v<Ranges, integer_ranges>)
      nan_matches_ = floating_ && contain(ranges, nan_key) != excluded_;
  }

  template <typename Facts>
  [[gnu::always_inline]] bool may_match(const bound &lower, const bound &upper, const Facts &facts) const {
    if (excluded_) {  // only a column whose every value is known to be excluded does not match
      if (facts.may_have_null() || (floating_ && facts.may_have_nan())) return true;
      if (!lower.known || !upper.known) return true;
      // Between two different uuids lies one thing or another, depending on the order that the bounds are of.
      if constexpr (std::is_same_v<Ranges, uuid_ranges>) {
        if (lower.key != upper.key) return true;
      }
      return upper.key < lower.key || !cover(ranges_, lower.key, upper.key);
    }
    if (bounds_may_match(ranges_, lower, upper) && !facts.no_ordinary_value()) return true;
    return nan_matches_ && counts_on_nan(facts) && !facts.only_null();
  }

 private:
  /// Whether there is NaN that a comparison may be true of. As in Java, not where that is not known.
  template <typename Facts>
  bool counts_on_nan(const Facts &facts) const {
    return nan_is_highest_ ? facts.may_have_nan() : facts.has_nan();
  }

  const Ranges &ranges_;
  bool excluded_;
  bool floating_;
  bool nan_is_highest_;
  bool nan_matches_ = false;
};

/// Reads bounds (spec, appendix D) as keys. One that is NaN, or no value of the type, is none.
template <typename Key>
struct bound_decoder {
  const type &column_type;

  [[gnu::noinline]] void operator()(byte_view data, key_bound<Key> &to) const {
    const std::optional<value> v = bound_from_single_value(column_type, data);
    to.known = v && !is_nan(*v) && to_order_key(*v, to.key);
  }
};

/// Byte strings are compared as they are.
template <>
struct bound_decoder<std::string_view> {
  const type &column_type;

  void operator()(byte_view data, key_bound<std::string_view> &to) const {
    to.key = data;
    to.known = true;
  }
};

/// Numbers of a fixed width, where the bytes have it (before a promotion they had another).
template <typename Number>
struct number_decoder {
  using number = Number;
  const type &column_type;

  void operator()(byte_view data, key_bound<std::int64_t> &to) const {
    if (data.size() != sizeof(Number)) return bound_decoder<std::int64_t>{column_type}(data, to);
    take(load_le<Number>(data.data()), to);
  }
  static void take(Number bound, key_bound<std::int64_t> &to) noexcept {
    if constexpr (std::is_floating_point_v<Number>) {
      to.key = order_key(double{bound});
      to.known = to.key != nan_key;
    } else {
      to.key = bound;
      to.known = true;
    }
  }
};

/// Calls `f` with the decoder for bounds of the type that are compared by `Key`.
template <typename Key, typename F>
auto with_decoder(const type &t, F &&f) {
  if constexpr (std::is_same_v<Key, std::int64_t>) {
    switch (t.kind()) {
      case type_kind::boolean:
        return f(bound_decoder<Key>{t});
      case type_kind::int32:
      case type_kind::date:
        return f(number_decoder<std::int32_t>{t});
      case type_kind::float32:
        return f(number_decoder<float>{t});
      case type_kind::float64:
        return f(number_decoder<double>{t});
      default:
        return f(number_decoder<std::int64_t>{t});
    }
  } else {
    return f(bound_decoder<Key>{t});
  }
}

}  // namespace evodb
