#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace evodb {

enum class predicate_kind : std::uint8_t {
  always_true,
  always_false,
  and_,
  or_,
  not_,
  is_null,
  not_null,
  is_nan,
  not_nan,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  in,
  not_in,
  starts_with,
  not_starts_with,
};

/// A column by its path of names; nested ones have several. `at` is its character in the filter's text, from 1 (0:
/// there is no text).
struct column_name {
  std::vector<std::string> segments;
  std::size_t at = 0;
};

/// A literal as it was written. What it means, its column's type decides when the predicate is bound; so numbers stay
/// exact.
struct literal {
  enum class kind : std::uint8_t { boolean, number, text, hex, date, timestamp };
  enum kind kind = kind::text;
  std::string
      text;  ///< "true", "-1.5e3", the text without its quotes, raw bytes of X'…', "2013-07-01", "2013-07-01 00:00:00"
  std::size_t at = 0;  ///< as column_name's
};

struct predicate;
using predicate_ptr = std::shared_ptr<const predicate>;

/// A filter on rows, by names and not yet bound to a schema (bind.h). Immutable; any thread may read it.
struct predicate {
  static constexpr int max_depth = 256;  ///< so that whatever walks over a predicate may recurse

  predicate_kind kind = predicate_kind::always_true;
  std::vector<predicate_ptr> children;  ///< of and_ and or_ two or more, of not_ one
  column_name column;
  std::vector<literal> literals;  ///< of in and not_in one or more, of comparisons and prefixes one
  int depth = 1;
};

predicate_ptr always_true();
predicate_ptr always_false();
/// A single child stands for itself; children of the same kind are taken in. All of these throw INVALID_FILTER beyond
/// max_depth.
predicate_ptr and_(std::vector<predicate_ptr> children);
predicate_ptr or_(std::vector<predicate_ptr> children);
predicate_ptr not_(predicate_ptr child);
/// is_null, not_null, is_nan, not_nan
predicate_ptr test(predicate_kind kind, column_name column);
/// less … not_equal, starts_with, not_starts_with
predicate_ptr compare(predicate_kind kind, column_name column, literal operand);
/// in, not_in; throws INVALID_FILTER without any literal.
predicate_ptr in(predicate_kind kind, column_name column, std::vector<literal> literals);
/// Both ends included.
predicate_ptr between(column_name column, literal lowest, literal highest);

}  // namespace evodb
