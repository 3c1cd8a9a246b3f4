#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/partition_spec.h"
#include "model/value.h"

namespace evodb {

/// What is known of one column of one file.
struct column_facts {
  std::int64_t value_count = 0;                       ///< nulls included
  std::optional<std::int64_t> null_count, nan_count;  ///< null: not known
  /// Values of the column's own type: every value but null and NaN lies between them. Null where they are not known, or
  /// where there is no such value.
  std::optional<value> lower, upper;

  bool is_all_null() const noexcept { return null_count == value_count; }
};

/// Why the transform gives no such value for a source column of that type, whatever its rows hold: a bucket out of
/// range, text that truncation would shorten, a decimal of more digits than the column's (which Iceberg Java does not
/// write), anything but null from void. Null if it does.
std::optional<std::string> impossible_partition(const transform &t, const type &source, const value &given);

/// Why the rows of a file cannot all lie in the partition whose value is `given`, by what is known of the source column
/// (`column`: its name for the text). Null if nothing speaks against it. A file lies in one partition: its rows are all
/// null in the null partition and none is in another, and the same holds for NaN under identity, where bounds that are
/// not NaN belong to other values. Bounds may be cut
/// short: they bound the value's place in the order, and decide a bucket only where both are the same value.
std::optional<std::string> partition_contradiction(const transform &t, const type &source, std::string_view column,
                                                   const column_facts &facts, const value &given);

/// The failure that both are for: INVALID_ARGUMENT naming the file, the partition field and the value.
[[noreturn]] void fail_partition(const partition_field &p, const type &source, const value &given,
                                 std::string_view reason, std::string_view file);

/// Checks a partition that a caller gives to a file: throws what fail_partition does where no row can have such a value,
/// or where a required column's is null. Fields whose source the schema does not have are not checked.
void check_partition(const partition_spec &spec, const schema &columns, const std::vector<value> &given,
                     std::string_view file);

/// A value as messages show it: cut after 64 characters, text that is not UTF-8 in hex.
std::string to_short_text(const type &t, const value &v);

/// Orders non-null values as numbers where they are numbers: -0.0 is not below 0.0.
bool is_below(const type &t, const value &a, const value &b);

}  // namespace evodb
