#include "expression/row_filter.h"

#include <algorithm>

namespace evodb {
namespace {

void filter_by_any(const bound_predicate &p, kept_rows rows, const leaf_filter &filter_leaf) {
  std::vector<std::uint8_t> any(rows.count, 0), one;
  for (const bound_ptr &child : p.children) {
    one.assign(rows.keep, rows.keep + rows.count);
    filter_rows(*child, {rows.first, rows.count, one.data()}, filter_leaf);
    for (std::size_t i = 0; i < rows.count; ++i) any[i] |= one[i];
  }
  std::copy(any.begin(), any.end(), rows.keep);
}

}  // namespace

void filter_rows(const bound_predicate &p, kept_rows rows, const leaf_filter &filter_leaf) {
  switch (p.kind) {
    case predicate_kind::always_true:
      break;
    case predicate_kind::always_false:
      std::fill_n(rows.keep, rows.count, std::uint8_t{0});
      break;
    case predicate_kind::and_:
      for (const bound_ptr &child : p.children) filter_rows(*child, rows, filter_leaf);
      break;
    case predicate_kind::or_:
      filter_by_any(p, rows, filter_leaf);
      break;
    default:
      filter_leaf(p, rows);
  }
}

std::string reason_of(const bound_predicate &p, const leaf_reason &why) {
  if (p.kind == predicate_kind::always_false) return "the filter matches nothing";
  if (p.is_leaf()) return why(p);
  const bool is_and = p.kind == predicate_kind::and_;
  std::string all;
  for (const bound_ptr &child : p.children) {
    const std::string reason = reason_of(*child, why);
    if (is_and && !reason.empty()) return reason;
    if (!is_and && reason.empty()) return {};
    all += (all.empty() ? "" : ", and ") + reason;
  }
  return is_and ? std::string() : all;
}

}  // namespace evodb
