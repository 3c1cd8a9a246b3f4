#include "expression/bound_predicate.h"

#include <algorithm>
#include <set>

namespace evodb {
namespace {

bound_ptr constant(predicate_kind kind) {
  bound_predicate p;
  p.kind = kind;
  return std::make_shared<const bound_predicate>(std::move(p));
}

/// `absorbing` decides the whole, the other constant changes nothing.
bound_ptr joined(predicate_kind kind, std::vector<bound_ptr> children) {
  const bool is_and = kind == predicate_kind::and_;
  const predicate_kind absorbing = is_and ? predicate_kind::always_false : predicate_kind::always_true;
  const predicate_kind neutral = is_and ? predicate_kind::always_true : predicate_kind::always_false;
  bound_predicate p;
  p.kind = kind;
  for (bound_ptr &child : children) {
    if (child->kind == absorbing) return child;
    if (child->kind == neutral) continue;
    if (child->kind == kind) {
      p.children.insert(p.children.end(), child->children.begin(), child->children.end());
    } else {
      p.children.push_back(std::move(child));
    }
  }
  if (p.children.empty()) return constant(neutral);
  if (p.children.size() == 1) return p.children.front();
  return std::make_shared<const bound_predicate>(std::move(p));
}

void collect_fields(const bound_predicate &p, std::set<std::int32_t> &ids) {
  if (p.is_leaf()) ids.insert(p.field_id);
  for (const bound_ptr &child : p.children) collect_fields(*child, ids);
}

/// Java sees null as the lowest value, and as different from every other.
bool null_may_match(predicate_kind kind) noexcept {
  switch (kind) {
    case predicate_kind::is_null:
    case predicate_kind::not_nan:
    case predicate_kind::less:
    case predicate_kind::less_equal:
    case predicate_kind::not_equal:
    case predicate_kind::not_in:
    case predicate_kind::not_starts_with:
      return true;
    default:
      return false;
  }
}

bool is_ordering(predicate_kind kind) noexcept {
  return kind == predicate_kind::less || kind == predicate_kind::less_equal || kind == predicate_kind::greater ||
         kind == predicate_kind::greater_equal;
}

}  // namespace

predicate_kind opposite(predicate_kind kind) noexcept {
  switch (kind) {
    case predicate_kind::always_true:
      return predicate_kind::always_false;
    case predicate_kind::always_false:
      return predicate_kind::always_true;
    case predicate_kind::is_null:
      return predicate_kind::not_null;
    case predicate_kind::not_null:
      return predicate_kind::is_null;
    case predicate_kind::is_nan:
      return predicate_kind::not_nan;
    case predicate_kind::not_nan:
      return predicate_kind::is_nan;
    case predicate_kind::less:
      return predicate_kind::greater_equal;
    case predicate_kind::less_equal:
      return predicate_kind::greater;
    case predicate_kind::greater:
      return predicate_kind::less_equal;
    case predicate_kind::greater_equal:
      return predicate_kind::less;
    case predicate_kind::equal:
      return predicate_kind::not_equal;
    case predicate_kind::not_equal:
      return predicate_kind::equal;
    case predicate_kind::in:
      return predicate_kind::not_in;
    case predicate_kind::not_in:
      return predicate_kind::in;
    case predicate_kind::starts_with:
      return predicate_kind::not_starts_with;
    case predicate_kind::not_starts_with:
      return predicate_kind::starts_with;
    case predicate_kind::and_:
      return predicate_kind::or_;
    case predicate_kind::or_:
      return predicate_kind::and_;
    case predicate_kind::not_:
      break;  // a bound predicate has none
  }
  return kind;
}

bound_ptr bound_true() {
  return constant(predicate_kind::always_true);
}
bound_ptr bound_false() {
  return constant(predicate_kind::always_false);
}
bound_ptr bound_and(std::vector<bound_ptr> children) {
  return joined(predicate_kind::and_, std::move(children));
}
bound_ptr bound_or(std::vector<bound_ptr> children) {
  return joined(predicate_kind::or_, std::move(children));
}

bound_ptr bound_leaf(bound_predicate leaf) {
  const auto is_below = [&](const value &a, const value &b) { return compare(leaf.type, a, b) < 0; };
  const auto is_same = [&](const value &a, const value &b) { return compare(leaf.type, a, b) == 0; };
  std::sort(leaf.literals.begin(), leaf.literals.end(), is_below);
  leaf.literals.erase(std::unique(leaf.literals.begin(), leaf.literals.end(), is_same), leaf.literals.end());
  if (leaf.literals.size() == 1 && leaf.kind == predicate_kind::in) leaf.kind = predicate_kind::equal;
  if (leaf.literals.size() == 1 && leaf.kind == predicate_kind::not_in) leaf.kind = predicate_kind::not_equal;
  leaf.ranges = ranges_of(leaf.kind, leaf.type, leaf.literals, leaf.or_nan);
  return std::make_shared<const bound_predicate>(std::move(leaf));
}

void flip(bound_predicate &leaf) {
  leaf.or_nan = !leaf.or_nan && is_ordering(leaf.kind) && key_kind_of(leaf.type) == key_kind::floating;
  leaf.kind = opposite(leaf.kind);
}

bound_ptr negate(const bound_ptr &p) {
  if (!p->is_leaf()) {
    if (p->children.empty()) return constant(opposite(p->kind));
    std::vector<bound_ptr> children;
    for (const bound_ptr &child : p->children) children.push_back(negate(child));
    return joined(opposite(p->kind), std::move(children));
  }
  bound_predicate leaf = *p;
  flip(leaf);
  return bound_leaf(std::move(leaf));
}

std::vector<std::int32_t> referenced_fields(const bound_predicate &p) {
  std::set<std::int32_t> ids;
  collect_fields(p, ids);
  return {ids.begin(), ids.end()};
}

bool may_match(const bound_predicate &leaf, const value &v) {
  if (is_null(v)) return null_may_match(leaf.kind);
  switch (leaf.kind) {
    case predicate_kind::is_null:
      return false;
    case predicate_kind::not_null:
      return true;
    case predicate_kind::is_nan:
      return is_nan(v);
    case predicate_kind::not_nan:
      return !is_nan(v);
    default:
      break;
  }
  return leaf.ranges.visit(
      [&](const auto &ranges) {
        key_of<std::decay_t<decltype(ranges)>> key{};
        return !to_order_key(v, key) || contain(ranges, key) != leaf.ranges.excluded;
      },
      true);
}

}  // namespace evodb
