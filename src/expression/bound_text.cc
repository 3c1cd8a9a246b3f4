#include <fmt/format.h>

#include <functional>

#include "expression/bound_predicate.h"
#include "expression/row_filter.h"

namespace evodb {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result.append(c == '\'' ? 2 : 1, c);
  return result + '\'';
}

std::string literal_text(const type &t, const value &v) {
  std::string text = to_text(t, v);
  switch (t.kind()) {
    case type_kind::date:
      return "DATE '" + text + '\'';
    case type_kind::timestamp:
    case type_kind::timestamptz:
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return "TIMESTAMP '" + text + '\'';
    case type_kind::fixed:
    case type_kind::binary:
      return "X'" + text + '\'';
    case type_kind::boolean:
    case type_kind::int32:
    case type_kind::int64:
    case type_kind::decimal:
      return text;
    case type_kind::float32:
    case type_kind::float64:
      return text.find("Inf") == std::string::npos ? text : quoted(text);
    default:
      return quoted(text);
  }
}

const char *symbol_of(predicate_kind kind) noexcept {
  switch (kind) {
    case predicate_kind::less:
      return "<";
    case predicate_kind::less_equal:
      return "<=";
    case predicate_kind::greater:
      return ">";
    case predicate_kind::greater_equal:
      return ">=";
    case predicate_kind::equal:
      return "=";
    case predicate_kind::not_equal:
      return "<>";
    case predicate_kind::starts_with:
      return "STARTS WITH";
    case predicate_kind::not_starts_with:
      return "NOT STARTS WITH";
    case predicate_kind::is_null:
      return "IS NULL";
    case predicate_kind::not_null:
      return "IS NOT NULL";
    case predicate_kind::is_nan:
      return "IS NAN";
    case predicate_kind::not_nan:
      return "IS NOT NAN";
    case predicate_kind::in:
      return "IN";
    case predicate_kind::not_in:
      return "NOT IN";
    default:
      return "";
  }
}

using value_text = std::function<std::string(const value &)>;

std::string leaf_text(const bound_predicate &p, const value_text &show, std::size_t most_literals) {
  if (p.or_nan) return fmt::format("NOT {} {} {}", p.name, symbol_of(opposite(p.kind)), show(p.literals.front()));
  std::string text = fmt::format("{} {}", p.name, symbol_of(p.kind));
  if (p.literals.empty()) return text;
  if (p.kind != predicate_kind::in && p.kind != predicate_kind::not_in) return text + ' ' + show(p.literals.front());
  text += " (";
  for (std::size_t i = 0; i < p.literals.size(); ++i) {
    if (i > 0) text += ", ";
    if (i == most_literals) return text + fmt::format("… {} values)", p.literals.size());
    text += show(p.literals[i]);
  }
  return text + ')';
}

}  // namespace

std::string to_text(const bound_predicate &p) {
  if (p.kind == predicate_kind::always_true) return "TRUE";
  if (p.kind == predicate_kind::always_false) return "FALSE";
  if (p.is_leaf()) {
    return leaf_text(
        p, [&](const value &v) { return literal_text(p.type, v); }, p.literals.size());
  }
  std::string text;
  for (const bound_ptr &child : p.children) {
    if (!text.empty()) text += p.kind == predicate_kind::and_ ? " AND " : " OR ";
    const bool parenthesis = child->kind == predicate_kind::or_;  // AND binds closer
    text += parenthesis ? '(' + to_text(*child) + ')' : to_text(*child);
  }
  return text;
}

std::string brief_text(const bound_predicate &leaf, const value_text &show) {
  constexpr std::size_t most_literals = 8;
  return leaf_text(leaf, show, most_literals);
}

}  // namespace evodb
