#include "expression/manifest_evaluator.h"

#include <fmt/format.h>

#include <algorithm>

#include "expression/column_statistics.h"
#include "expression/row_filter.h"

namespace evodb {
namespace {

/// A summary has no bounds where all values are null or NaN.
struct summary_facts {
  const field_summary &summary;
  bool floating;

  bool may_have_null() const noexcept { return summary.contains_null; }
  bool may_have_nan() const noexcept { return floating && summary.contains_nan.value_or(true); }
  bool has_nan() const noexcept { return floating && summary.contains_nan.value_or(false); }
  bool has_bound() const noexcept { return summary.lower_bound || summary.upper_bound; }
  bool only_null() const noexcept { return summary.contains_null && !has_bound() && !may_have_nan(); }
  bool only_nan() const noexcept {
    return floating && summary.contains_nan.value_or(false) && !summary.contains_null && !has_bound();
  }
  bool no_ordinary_value() const noexcept { return !has_bound() && (summary.contains_null || may_have_nan()); }
};

}  // namespace

manifest_evaluator::manifest_evaluator(bound_ptr projected, const partition_spec &spec)
    : projected_(std::move(projected)), fields_(spec.fields) {}

bool manifest_evaluator::may_match(const manifest_file &manifest) const {
  if (manifest.partitions.empty()) return true;
  std::uint8_t keep = 1;
  filter_rows(*projected_, {0, 1, &keep},
              [&](const bound_predicate &leaf, kept_rows rows) { *rows.keep &= leaf_may_match(leaf, manifest); });
  return keep != 0;
}

std::string manifest_evaluator::reason(const manifest_file &manifest) const {
  if (manifest.partitions.empty()) return {};
  return reason_of(*projected_, [&](const bound_predicate &leaf) {
    return leaf_may_match(leaf, manifest) ? std::string() : leaf_reason_of(leaf, manifest);
  });
}

std::size_t manifest_evaluator::position_of(const bound_predicate &leaf) const noexcept {
  const auto is_field = [&](const partition_field &f) { return f.field_id == leaf.field_id; };
  return static_cast<std::size_t>(std::find_if(fields_.begin(), fields_.end(), is_field) - fields_.begin());
}

bool manifest_evaluator::leaf_may_match(const bound_predicate &leaf, const manifest_file &manifest) const {
  const std::size_t position = position_of(leaf);
  if (manifest.partitions.size() != fields_.size()) return true;  // whose they are is not known
  const field_summary &summary = manifest.partitions[position];
  const summary_facts facts{summary, key_kind_of(leaf.type) == key_kind::floating};
  const auto compare_bounds = [&](const auto &ranges) {
    using ranges_type = std::decay_t<decltype(ranges)>;
    const comparison_test test(leaf, ranges);
    return with_decoder<key_of<ranges_type>>(leaf.type, [&](const auto &decode) {
      key_bound<key_of<ranges_type>> lower, upper;
      if (summary.lower_bound) decode(*summary.lower_bound, lower);
      if (summary.upper_bound) decode(*summary.upper_bound, upper);
      return test.may_match(lower, upper, facts);
    });
  };
  return null_test_may_match(leaf.kind, facts) && leaf.ranges.visit(compare_bounds, true);
}

std::string manifest_evaluator::leaf_reason_of(const bound_predicate &leaf, const manifest_file &manifest) const {
  const std::size_t position = position_of(leaf);
  const field_summary &summary = manifest.partitions[position];
  const auto show = [&](const value &v) { return fields_[position].transform.to_human_text(leaf.type, v); };
  const auto show_bound = [&](const std::optional<bytes> &bound) {
    const std::optional<value> known = bound ? bound_from_single_value(leaf.type, *bound) : std::nullopt;
    return known ? show(*known) : std::string("none");
  };
  return fmt::format("partition summary of {} (lower {}, upper {}, {} nulls) does not match {}", leaf.name,
                     show_bound(summary.lower_bound), show_bound(summary.upper_bound),
                     summary.contains_null ? "with" : "no", brief_text(leaf, show));
}

}  // namespace evodb
