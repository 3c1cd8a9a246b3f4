#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/plain_value.h"

namespace evodb {

/// Iceberg's types (spec, "Schemas and Data Types"), in one closed list. Struct, list and map hold their fields as
/// children.
enum class type_kind : std::uint8_t {
  boolean,
  int32,
  int64,
  float32,
  float64,
  decimal,
  date,
  time,
  timestamp,
  timestamptz,
  timestamp_ns,
  timestamptz_ns,
  string,
  uuid,
  fixed,
  binary,
  unknown,
  variant,
  geometry,
  geography,
  structure,
  list,
  map,
};

struct field;

/// A type is a small immutable value; nested ones share their children.
/// The makers throw INVALID_ARGUMENT on parameters out of range and on nesting deeper than `max_depth`, so that
/// whatever walks over a type may recurse.
class type {
 public:
  static constexpr int max_depth = 64;
  static constexpr int max_precision = 38;
  static constexpr const char *default_crs = "OGC:CRS84";
  static constexpr const char *default_algorithm = "spherical";

  type(type_kind kind = type_kind::unknown) : kind_(kind) {}  // NOLINT: a kind without parameters is a type
  static type decimal(int precision, int scale);
  static type fixed(int length);
  static type geometry(std::string crs);                          ///< empty: the default
  static type geography(std::string crs, std::string algorithm);  ///< empty: the defaults
  static type structure(std::vector<field> fields);
  static type list(field element);          ///< the field is named "element"
  static type map(field key, field value);  ///< named "key" and "value"

  type_kind kind() const noexcept { return kind_; }
  bool is(type_kind kind) const noexcept { return kind_ == kind; }
  bool is_nested() const noexcept { return kind_ >= type_kind::structure; }
  bool is_primitive() const noexcept { return !is_nested() && kind_ != type_kind::variant; }
  int precision() const noexcept { return first_; }
  int scale() const noexcept { return second_; }
  int length() const noexcept { return first_; }
  const std::string &crs() const;
  const std::string &algorithm() const;
  const std::vector<field> &fields() const noexcept;  ///< children of a nested type, otherwise none
  int depth() const noexcept;                         ///< levels of nesting: 0 for what has no children
  const field &element() const;
  const field &key() const;
  const field &value() const;

  /// The lowest format version that has this type, nested ones included: 1 or 3.
  int minimum_format_version() const noexcept;

  /// Spec text of a primitive ("decimal(9,2)"); nested ones as "struct<a: int, b: list<string>>".
  std::string to_text() const;
  /// Reads what to_text writes, and the aliases int32, int64, float32, float64. `required` children are written "a:
  /// required int" or "a: int not null"; names that are not plain words in double quotes, in which "" is a quote. Words
  /// ignore case. Field ids of nested children are 0: the schema assigns them. Throws INVALID_ARGUMENT pointing at the
  /// character.
  static type parse(std::string_view text);

  bool operator==(const type &) const;  ///< deep, ids, names, docs and defaults included

 private:
  struct nested;
  type(type_kind kind, nested children);
  type_kind kind_;
  std::int32_t first_ = 0;   // precision or length
  std::int32_t second_ = 0;  // scale
  std::shared_ptr<const nested> nested_;
};

/// A column, or a child of a nested type.
struct field {
  std::int32_t id = 0;  ///< 0 in what callers give: not yet assigned. Some writers count from 0
  std::string name;
  bool required = false;
  class type type;
  std::optional<std::string> doc;
  std::optional<value> initial_default;  ///< version 3; set when the field is added and never changed
  std::optional<value> write_default;    ///< version 3

  bool operator==(const field &) const;  ///< a default of NaN is the same as another
};

/// Whether values of a column of type `from` may be read as `to` (spec, "Schema Evolution"): the same primitive, int to
/// long, float to double, a wider decimal of the same scale; from version 3 unknown to anything, date to timestamp or
/// timestamp_ns.
bool can_promote(const type &from, const type &to, int format_version);

}  // namespace evodb
