#include "expression/residual.h"

#include <algorithm>

#include "expression/project.h"

namespace evodb {
namespace {

/// Whether the projected predicate may hold for the value of its one field.
bool may_hold(const bound_predicate &projected, const value &v) {
  switch (projected.kind) {
    case predicate_kind::always_true:
    case predicate_kind::always_false:
      return projected.kind == predicate_kind::always_true;
    case predicate_kind::and_:
      return std::all_of(projected.children.begin(), projected.children.end(),
                         [&](const auto &c) { return may_hold(*c, v); });
    case predicate_kind::or_:
      return std::any_of(projected.children.begin(), projected.children.end(),
                         [&](const auto &c) { return may_hold(*c, v); });
    default:
      return may_match(projected, v);
  }
}

}  // namespace

residual_evaluator::residual_evaluator(bound_ptr rows, const partition_spec &spec) : root_(prepare(rows, spec)) {}

residual_evaluator::node residual_evaluator::prepare(const bound_ptr &rows, const partition_spec &spec) {
  node n{rows, {}, {}};
  for (const bound_ptr &child : rows->children) n.children.push_back(prepare(child, spec));
  if (!rows->is_leaf()) return n;
  const bound_ptr opposite = negate(rows);
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    projection p{i, project_leaf(*rows, spec.fields[i]), project_leaf(*opposite, spec.fields[i])};
    if (p.may_match || p.may_fail) n.projections.push_back(std::move(p));
  }
  return n;
}

bound_ptr residual_evaluator::residual_for(const partition_tuple &partition) const {
  return decide(root_, partition);
}

bound_ptr residual_evaluator::decide(const node &n, const partition_tuple &partition) {
  if (!n.children.empty()) {
    std::vector<bound_ptr> parts;
    for (const node &child : n.children) parts.push_back(decide(child, partition));
    return n.rows->kind == predicate_kind::and_ ? bound_and(std::move(parts)) : bound_or(std::move(parts));
  }
  for (const projection &p : n.projections) {
    if (p.position >= partition.size() || !partition[p.position]) continue;
    const value &v = *partition[p.position];
    if (p.may_match && !may_hold(*p.may_match, v)) return bound_false();
    // A comparison with null is neither true nor false, so that a null it may not fail for proves nothing.
    const bool decides = !is_null(v) || n.rows->kind == predicate_kind::is_null;
    if (p.may_fail && decides && !may_hold(*p.may_fail, v)) return bound_true();
  }
  return n.rows;
}

bound_ptr residual(const bound_ptr &rows, const partition_spec &spec, const partition_tuple &partition) {
  return residual_evaluator(rows, spec).residual_for(partition);
}

}  // namespace evodb
