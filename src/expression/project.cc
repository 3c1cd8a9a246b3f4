#include "expression/project.h"

#include <limits>
#include <optional>

#include "base/utf8.h"
#include "expression/parse.h"

namespace evodb {
namespace {

template <typename T>
std::optional<value> neighbour_of(T number, int step) {
  using limits = std::numeric_limits<T>;
  if constexpr (!std::is_same_v<T, int128>) {  // decimals end long before their integers do
    if (number == (step < 0 ? limits::min() : limits::max())) return std::nullopt;
  }
  return value(static_cast<T>(number + step));
}

/// The value next below or above, null if there is none. Texts have no such neighbours and stay as they are.
std::optional<value> neighbour_of(const value &v, int step) {
  if (const auto *narrow = std::get_if<std::int32_t>(&v)) return neighbour_of(*narrow, step);
  if (const auto *wide = std::get_if<std::int64_t>(&v)) return neighbour_of(*wide, step);
  if (const auto *decimal = std::get_if<int128>(&v)) return neighbour_of(*decimal, step);
  return v;
}

/// One leaf through one partition field.
class leaf_projection {
 public:
  leaf_projection(const bound_predicate &leaf, const partition_field &field)
      : leaf_(leaf), field_(field), transform_(field.transform), type_(transform_.result_type(leaf.type)) {}

  bound_ptr project() const {
    if (transform_.kind == transform::kind::identity) return identity();
    switch (leaf_.kind) {
      case predicate_kind::is_null:
      case predicate_kind::not_null:
        return partition_leaf(leaf_.kind, {});
      case predicate_kind::equal:
      case predicate_kind::in:
        return equal();
      case predicate_kind::less:
      case predicate_kind::less_equal:
        return transform_.preserves_order() ? at_most() : nullptr;
      case predicate_kind::greater:
      case predicate_kind::greater_equal:
        return transform_.preserves_order() ? at_least() : nullptr;
      case predicate_kind::starts_with:
      case predicate_kind::not_starts_with:
        return transform_.kind == transform::kind::truncate ? prefix() : nullptr;
      default:
        return nullptr;  // other values share the partition of the one that does not match
    }
  }

 private:
  const value &operand() const { return leaf_.literals.front(); }
  value transformed(const value &v) const { return transform_.apply(leaf_.type, v); }

  bound_ptr partition_leaf(predicate_kind kind, std::vector<value> literals) const {
    bound_predicate p;
    p.kind = kind;
    p.field_id = field_.field_id;
    p.type = type_;
    p.name = quote_name(field_.name);
    p.literals = std::move(literals);
    return bound_leaf(std::move(p));
  }

  bound_ptr identity() const {
    bound_predicate p = leaf_;
    p.field_id = field_.field_id;
    p.name = quote_name(field_.name);
    return std::make_shared<const bound_predicate>(std::move(p));
  }

  bound_ptr equal() const {
    std::vector<value> literals;
    for (const value &v : leaf_.literals) {
      literals.push_back(transformed(v));
      if (may_be_one_too_high(literals.back())) literals.push_back(one_too_high(literals.back()));
    }
    return partition_leaf(predicate_kind::in, std::move(literals));
  }

  bound_ptr at_most() const {
    const std::optional<value> highest = leaf_.kind == predicate_kind::less ? neighbour_of(operand(), -1) : operand();
    if (!highest) return bound_false();
    value bound = transformed(*highest);
    if (is_beyond(*highest, bound)) return nullptr;
    if (may_be_one_too_high(bound)) bound = one_too_high(bound);
    const std::optional<value> wrapped = wrapped_around();
    if (!wrapped) return partition_leaf(predicate_kind::less_equal, {std::move(bound)});
    bound_ptr lowest_values = partition_leaf(predicate_kind::equal, {*wrapped});
    if (is_wrapped(*highest, bound)) return lowest_values;
    return bound_or({partition_leaf(predicate_kind::less_equal, {std::move(bound)}), std::move(lowest_values)});
  }

  bound_ptr at_least() const {
    const std::optional<value> lowest = leaf_.kind == predicate_kind::greater ? neighbour_of(operand(), 1) : operand();
    if (!lowest) return bound_false();
    value bound = transformed(*lowest);
    if (is_beyond(*lowest, bound)) return nullptr;
    if (is_wrapped(*lowest, bound)) return nullptr;  // nearly all values are above
    return partition_leaf(predicate_kind::greater_equal, {std::move(bound)});
  }

  bound_ptr prefix() const {
    const bool negated = leaf_.kind == predicate_kind::not_starts_with;
    const std::string &prefix = std::get<std::string>(operand());
    const auto width = static_cast<std::size_t>(transform_.parameter);
    if (offset_of_code_point(prefix, width - 1) == prefix.size()) return partition_leaf(leaf_.kind, {prefix});
    // A partition value is never longer than the width.
    if (!negated) return partition_leaf(predicate_kind::equal, {transformed(prefix)});
    if (offset_of_code_point(prefix, width) == prefix.size())
      return partition_leaf(predicate_kind::not_equal, {prefix});
    return nullptr;
  }

  /// Whether old writers may have given one more: Java up to 0.10 rounded times before 1970 towards it.
  bool may_be_one_too_high(const value &v) const {
    const bool time = transform_.kind >= transform::kind::year && transform_.kind <= transform::kind::hour;
    const bool exact = transform_.kind == transform::kind::day && leaf_.type.is(type_kind::date);
    return time && !exact && std::get<std::int32_t>(v) < 0;
  }
  static value one_too_high(const value &v) { return std::get<std::int32_t>(v) + 1; }

  /// What the lowest integers are truncated to where their multiple of the width lies below the type: a high number.
  std::optional<value> wrapped_around() const {
    std::optional<value> lowest;
    if (transform_.kind != transform::kind::truncate) return std::nullopt;
    if (leaf_.type.is(type_kind::int32)) lowest = std::numeric_limits<std::int32_t>::min();
    if (leaf_.type.is(type_kind::int64)) lowest = std::numeric_limits<std::int64_t>::min();
    if (!lowest || !is_wrapped(*lowest, transformed(*lowest))) return std::nullopt;
    return transformed(*lowest);
  }
  bool is_wrapped(const value &v, const value &truncated) const {
    const bool integer = leaf_.type.is(type_kind::int32) || leaf_.type.is(type_kind::int64);
    return transform_.kind == transform::kind::truncate && integer && compare(type_, truncated, v) > 0;
  }

  /// Whether the hour of a time is too far away for the partition's int, where it wraps around, as in Java: it says
  /// nothing of other times.
  bool is_beyond(const value &time, const value &hour) const {
    return transform_.kind == transform::kind::hour &&
           (std::get<std::int64_t>(time) < 0) != (std::get<std::int32_t>(hour) < 0);
  }

  const bound_predicate &leaf_;
  const partition_field &field_;
  const transform &transform_;
  type type_;
};

}  // namespace

bound_ptr project_leaf(const bound_predicate &leaf, const partition_field &field) {
  const transform &t = field.transform;
  if (field.source_ids.size() != 1 || field.source_id() != leaf.field_id) return nullptr;
  if (t.kind == transform::kind::void_ || t.kind == transform::kind::unknown || !t.can_transform(leaf.type))
    return nullptr;
  return leaf_projection(leaf, field).project();
}

bound_ptr project_inclusive(const bound_ptr &rows, const partition_spec &spec) {
  std::vector<bound_ptr> parts;
  if (rows->is_leaf()) {
    for (const partition_field &field : spec.fields) {
      if (bound_ptr projected = project_leaf(*rows, field)) parts.push_back(std::move(projected));
    }
    return bound_and(std::move(parts));
  }
  if (rows->children.empty()) return rows;
  for (const bound_ptr &child : rows->children) parts.push_back(project_inclusive(child, spec));
  return rows->kind == predicate_kind::and_ ? bound_and(std::move(parts)) : bound_or(std::move(parts));
}

}  // namespace evodb
