#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/type.h"
#include "model/value.h"

namespace evodb {

/// A partition or sort transform (spec, "Partition Transforms").
struct transform {
  enum class kind : std::uint8_t { identity, bucket, truncate, year, month, day, hour, void_, unknown };
  kind kind = kind::identity;
  std::int32_t parameter = 0;  ///< bucket count or truncation width
  std::string text;            ///< of an unknown transform, verbatim

  /// "bucket[16]", "month"; anything that is not of the spec becomes unknown, which readers must accept.
  static transform parse(std::string_view text);
  std::string to_text() const;

  bool can_transform(const type &source) const noexcept;
  /// year, month, day and hour, which say the same of a time in units of different lengths.
  bool is_time() const noexcept { return kind >= kind::year && kind <= kind::hour; }
  /// int, date (day) or the source's own type. Unknown transforms yield string, as in Java.
  type result_type(const type &source) const;
  /// Null to null. Requires can_transform(source).
  value apply(const type &source, const value &v) const;
  /// Whether a <= b implies apply(a) <= apply(b), so that ranges survive.
  bool preserves_order() const noexcept;
  /// Whether the result leaves its type's range and goes on at the other end, as in Java, so that its order is lost: what
  /// is truncated below the lowest multiple, hours of more than 245,000 years.
  bool wraps(const type &source, const value &v) const;
  /// The value as in a partition path and for people: 2013-07, 2013-07-01-05, hex or base64 as Java's toHumanString.
  std::string to_human_text(const type &source, const value &transformed) const;

  bool operator==(const transform &) const = default;
};

}  // namespace evodb
