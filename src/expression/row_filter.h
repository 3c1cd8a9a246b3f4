#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "expression/bound_predicate.h"

namespace evodb {

/// A run of a batch's rows and, for each, whether it is still wanted.
struct kept_rows {
  std::size_t first;
  std::size_t count;
  std::uint8_t *keep;  ///< `count` entries, 0 or 1: keep[0] is row `first`
};

/// Clears the entries of rows that do not match the leaf.
using leaf_filter = std::function<void(const bound_predicate &leaf, kept_rows rows)>;
/// Clears the entries of rows that do not match the predicate, one leaf after the other over all rows.
void filter_rows(const bound_predicate &p, kept_rows rows, const leaf_filter &filter_leaf);

/// Why a leaf does not match; empty where it may.
using leaf_reason = std::function<std::string(const bound_predicate &leaf)>;
/// Why the predicate does not match: the first reason under AND, all of them under OR. Empty where it may.
std::string reason_of(const bound_predicate &p, const leaf_reason &why);

/// A leaf for people: values as `show` writes them, long lists cut short.
std::string brief_text(const bound_predicate &leaf, const std::function<std::string(const value &)> &show);

}  // namespace evodb
