#include "model/type.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/utf8.h"

namespace evodb {
namespace {

bool is_of_version_3(type_kind kind) noexcept {
  switch (kind) {
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
    case type_kind::unknown:
    case type_kind::variant:
    case type_kind::geometry:
    case type_kind::geography:
      return true;
    default:
      return false;
  }
}

/// A type's text holds it between parentheses, as it is.
void check_crs(std::string_view crs, std::string_view stops) {
  const bool is_trimmed = crs.front() > ' ' && crs.back() > ' ';
  if (!is_trimmed || crs.find_first_of(stops) != crs.npos || !is_utf8(crs))
    fail(status::INVALID_ARGUMENT,
         "a coordinate reference system cannot be part of a type's text: it is to be a name such as EPSG:4326");
}

bool is_same_default(const std::optional<value> &a, const std::optional<value> &b) {
  const bool both_nan = a && b && a->index() == b->index() && is_nan(*a) && is_nan(*b);
  return both_nan || a == b;
}

}  // namespace

/// What does not fit into the type itself.
struct type::nested {
  std::vector<field> fields;
  std::string crs, algorithm;
  int depth = 0;
};

type::type(type_kind kind, nested children) : kind_(kind) {
  for (const field &child : children.fields) children.depth = std::max(children.depth, child.type.depth());
  if (is_nested()) ++children.depth;
  if (children.depth > max_depth) {
    fail(status::INVALID_ARGUMENT, fmt::format("types nest deeper than {} levels", max_depth));
  }
  nested_ = std::make_shared<const nested>(std::move(children));
}

type type::decimal(int precision, int scale) {
  if (precision < 1 || precision > max_precision || scale < 0 || scale > max_precision) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("decimal has a precision of 1 to 38 and a scale of 0 to 38: decimal({},{})", precision, scale));
  }
  type made(type_kind::decimal);
  made.first_ = precision;
  made.second_ = scale;
  return made;
}

type type::fixed(int length) {
  if (length < 0) fail(status::INVALID_ARGUMENT, fmt::format("fixed has a negative length: {}", length));
  type made(type_kind::fixed);
  made.first_ = length;
  return made;
}

type type::geometry(std::string crs) {
  if (crs.empty()) crs = type::default_crs;
  check_crs(crs, ")");
  return type(type_kind::geometry, nested{{}, std::move(crs), {}, 0});
}

type type::geography(std::string crs, std::string algorithm) {
  if (crs.empty()) crs = type::default_crs;
  check_crs(crs, ",)");
  if (algorithm.empty()) algorithm = type::default_algorithm;
  constexpr std::string_view algorithms[] = {"spherical", "vincenty", "thomas", "andoyer", "karney"};
  if (std::find(std::begin(algorithms), std::end(algorithms), algorithm) == std::end(algorithms)) {
    fail(status::INVALID_ARGUMENT, fmt::format("geography has an unknown edge algorithm: '{}'", algorithm));
  }
  return type(type_kind::geography, nested{{}, std::move(crs), std::move(algorithm), 0});
}

type type::structure(std::vector<field> fields) {
  return type(type_kind::structure, nested{std::move(fields), {}, {}, 0});
}

type type::list(field element) {
  element.name = "element";
  nested children;
  children.fields.push_back(std::move(element));
  return type(type_kind::list, std::move(children));
}

type type::map(field key, field mapped) {
  key.name = "key";
  key.required = true;
  mapped.name = "value";
  nested children;
  children.fields.push_back(std::move(key));
  children.fields.push_back(std::move(mapped));
  return type(type_kind::map, std::move(children));
}

const std::string &type::crs() const {
  static const std::string by_default = type::default_crs;
  return nested_ && !nested_->crs.empty() ? nested_->crs : by_default;
}

const std::string &type::algorithm() const {
  static const std::string by_default = type::default_algorithm;
  return nested_ && !nested_->algorithm.empty() ? nested_->algorithm : by_default;
}

const std::vector<field> &type::fields() const noexcept {
  static const std::vector<field> none;
  return nested_ ? nested_->fields : none;
}

int type::depth() const noexcept {
  return nested_ ? nested_->depth : 0;
}

const field &type::element() const {
  return fields().at(0);
}
const field &type::key() const {
  return fields().at(0);
}
const field &type::value() const {
  return fields().at(1);
}

int type::minimum_format_version() const noexcept {
  const auto needs_3 = [](const field &child) { return child.type.minimum_format_version() == 3; };
  const bool has = is_of_version_3(kind_) || std::any_of(fields().begin(), fields().end(), needs_3);
  return has ? 3 : 1;
}

bool type::operator==(const type &other) const {
  if (kind_ != other.kind_ || first_ != other.first_ || second_ != other.second_) return false;
  if (nested_ == other.nested_) return true;
  return fields() == other.fields() && crs() == other.crs() && algorithm() == other.algorithm();
}

bool can_promote(const type &from, const type &to, int format_version) {
  if (from == to) return true;
  switch (from.kind()) {
    case type_kind::int32:
      return to.is(type_kind::int64);
    case type_kind::float32:
      return to.is(type_kind::float64);
    case type_kind::decimal:
      return to.is(type_kind::decimal) && to.scale() == from.scale() && to.precision() >= from.precision();
    case type_kind::date:
      return format_version >= 3 && (to.is(type_kind::timestamp) || to.is(type_kind::timestamp_ns));
    case type_kind::unknown:
      return format_version >= 3;
    default:
      return false;
  }
}

bool field::operator==(const field &other) const {
  return id == other.id && name == other.name && required == other.required && type == other.type && doc == other.doc &&
         is_same_default(initial_default, other.initial_default) && is_same_default(write_default, other.write_default);
}

}  // namespace evodb
