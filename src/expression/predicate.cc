#include "expression/predicate.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"

namespace evodb {
namespace {

predicate_ptr make(predicate p) {
  for (const predicate_ptr &child : p.children) p.depth = std::max(p.depth, child->depth + 1);
  if (p.depth > predicate::max_depth) {
    fail(status::INVALID_FILTER, fmt::format("filter is nested deeper than {} levels", predicate::max_depth));
  }
  return std::make_shared<const predicate>(std::move(p));
}

predicate_ptr leaf(predicate_kind kind, column_name column, std::vector<literal> literals) {
  predicate p;
  p.kind = kind;
  p.column = std::move(column);
  p.literals = std::move(literals);
  return make(std::move(p));
}

predicate_ptr joined(predicate_kind kind, std::vector<predicate_ptr> children) {
  if (children.size() == 1) return children.front();
  predicate p;
  p.kind = kind;
  for (predicate_ptr &child : children) {
    if (child->kind == kind) {
      p.children.insert(p.children.end(), child->children.begin(), child->children.end());
    } else {
      p.children.push_back(std::move(child));
    }
  }
  return make(std::move(p));
}

}  // namespace

predicate_ptr always_true() {
  return leaf(predicate_kind::always_true, {}, {});
}

predicate_ptr always_false() {
  return leaf(predicate_kind::always_false, {}, {});
}

predicate_ptr and_(std::vector<predicate_ptr> children) {
  if (children.empty()) return always_true();
  return joined(predicate_kind::and_, std::move(children));
}

predicate_ptr or_(std::vector<predicate_ptr> children) {
  if (children.empty()) return always_false();
  return joined(predicate_kind::or_, std::move(children));
}

predicate_ptr not_(predicate_ptr child) {
  predicate p;
  p.kind = predicate_kind::not_;
  p.children.push_back(std::move(child));
  return make(std::move(p));
}

predicate_ptr test(predicate_kind kind, column_name column) {
  return leaf(kind, std::move(column), {});
}

predicate_ptr compare(predicate_kind kind, column_name column, literal operand) {
  return leaf(kind, std::move(column), {std::move(operand)});
}

predicate_ptr in(predicate_kind kind, column_name column, std::vector<literal> literals) {
  if (literals.empty()) fail(status::INVALID_FILTER, "IN needs at least one value");
  return leaf(kind, std::move(column), std::move(literals));
}

predicate_ptr between(column_name column, literal lowest, literal highest) {
  return and_({compare(predicate_kind::greater_equal, column, std::move(lowest)),
               compare(predicate_kind::less_equal, column, std::move(highest))});
}

}  // namespace evodb
