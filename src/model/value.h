#pragma once

#include <compare>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "model/plain_value.h"
#include "model/type.h"

namespace evodb {

/// Whether the value is null or the alternative of the type (a fixed or a uuid of its length).
bool is_value_of(const type &t, const value &v) noexcept;
[[noreturn]] void fail_not_a_value_of(const type &t);
/// The alternative that the type decides; throws INVALID_ARGUMENT where the value holds another.
template <typename T>
const T &get(const type &t, const value &v) {
  if (const T *held = std::get_if<T>(&v)) return *held;
  fail_not_a_value_of(t);
}

/// A file's values of its partition spec's fields, in their order; nothing where it is not known which value it is.
using partition_tuple = std::vector<std::optional<value>>;

/// Iceberg's order of two non-null values of a type: numbers, UTF-8 bytes unsigned, uuids unsigned, false < true;
/// floats totally, -NaN below everything, -0.0 below 0.0, NaN above everything. Throws INVALID_ARGUMENT for nested
/// types and values of another type.
std::strong_ordering compare(const type &t, const value &a, const value &b);

/// Appendix D: binary single-value serialisation. Null and nested values have none.
bytes to_single_value(const type &t, const value &v);
/// The inverse. Decodes by length what was written before a promotion (4 bytes for a long, a double, a timestamp).
/// Throws CORRUPT naming the type and the length.
value from_single_value(const type &t, byte_view data);
/// A bound as some writer left it: nothing where it cannot be read, since a bound that is not known is none. ClickHouse
/// up to 26.7 wrote ints and dates with 8 bytes.
std::optional<value> bound_from_single_value(const type &t, byte_view data);

/// For people and for filter text: dates, times, decimals, hex as the spec's JSON single values write them, strings as
/// they are.
std::string to_text(const type &t, const value &v);
/// The inverse, lenient as filter literals are (cli.md, "Filter text"). Throws INVALID_ARGUMENT.
value value_from_text(const type &t, std::string_view text);

/// Converts a value of `from` to the promoted type `to`. Throws INVALID_ARGUMENT if that is no promotion or the value
/// does not fit.
value promote(const type &from, const type &to, const value &v);

}  // namespace evodb
