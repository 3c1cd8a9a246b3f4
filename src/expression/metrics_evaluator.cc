#include "expression/metrics_evaluator.h"

#include <fmt/format.h>

#include "expression/column_statistics.h"
#include "expression/row_filter.h"

namespace evodb {
namespace {

std::int64_t count_at(const std::vector<std::int64_t> &counts, std::size_t row) noexcept {
  return counts.empty() ? data_files::no_value : counts[row];
}

struct file_facts {
  const metrics_column &column;
  std::size_t row;

  std::int64_t values() const noexcept { return count_at(column.value_counts, row); }
  std::int64_t nulls() const noexcept { return count_at(column.null_value_counts, row); }
  std::int64_t nans() const noexcept { return count_at(column.nan_value_counts, row); }

  bool may_have_null() const noexcept { return nulls() != 0; }
  bool may_have_nan() const noexcept { return nans() != 0; }
  bool has_nan() const noexcept { return nans() > 0; }
  bool only_null() const noexcept { return values() >= 0 && nulls() == values(); }
  bool only_nan() const noexcept { return values() >= 0 && nans() == values(); }
  bool no_ordinary_value() const noexcept {
    const bool counted = values() >= 0 && nulls() >= 0 && nans() >= 0;
    return only_null() || only_nan() || (counted && nulls() + nans() == values());
  }
};

/// One column under one leaf.
class bounds_filter {
 public:
  bounds_filter(const bound_predicate &leaf, const data_files &files, const metrics_column &column, kept_rows rows)
      : leaf_(leaf), files_(files), column_(column), rows_(rows) {}

  void run() const {
    const auto compare = [&](const auto &ranges) { return compare_bounds(ranges), true; };
    if (leaf_.ranges.visit(compare, false)) return;
    each([&](std::size_t row) { return null_test_may_match(leaf_.kind, file_facts{column_, row}); });
  }

 private:
  template <typename Matches>
  void each(const Matches &matches) const {
    const kept_rows rows = rows_;
    const std::int64_t *records = files_.record_counts.data();
    for (std::size_t i = 0; i < rows.count; ++i) {
      // How many rows there are may not be known; then nothing else is (Java's imports of Avro files).
      if (rows.keep[i] && records[rows.first + i] >= 0) rows.keep[i] = matches(rows.first + i);
    }
  }

  template <typename Decode, typename Key>
  [[gnu::always_inline]] void read_bound(const Decode &decode, const bound_column &bounds, std::size_t row,
                                         key_bound<Key> &to) const {
    if constexpr (requires { typename Decode::number; }) {
      typename Decode::number number;
      if (bounds.load(row, number)) return Decode::take(number, to);
    }
    if (const std::optional<byte_view> bound = bounds.at(row, files_.arena)) decode(*bound, to);
  }

  template <typename Ranges>
  void compare_bounds(const Ranges &ranges) const {
    const comparison_test test(leaf_, ranges);
    with_decoder<key_of<Ranges>>(leaf_.type, [&](const auto &decode) {
      each([&](std::size_t row) {
        key_bound<key_of<Ranges>> lower, upper;
        read_bound(decode, column_.lower_bounds, row, lower);
        read_bound(decode, column_.upper_bounds, row, upper);
        return test.may_match(lower, upper, file_facts{column_, row});
      });
    });
  }

  const bound_predicate &leaf_;
  const data_files &files_;
  const metrics_column &column_;
  kept_rows rows_;
};

/// Whether a struct, list or map is null, no count says.
void filter_by_bounds(const data_files &files, const bound_predicate &leaf, kept_rows rows) {
  if (leaf.type.is_nested()) return;
  if (const metrics_column *column = files.find_metrics(leaf.field_id)) bounds_filter(leaf, files, *column, rows).run();
}

std::string describe(const data_files &files, const bound_predicate &leaf, std::size_t row) {
  const metrics_column &column = *files.find_metrics(leaf.field_id);
  const file_facts facts{column, row};
  const auto show = [&](const value &v) { return to_text(leaf.type, v); };
  const auto show_bound = [&](const bound_column &bounds) {
    const std::optional<byte_view> data = bounds.at(row, files.arena);
    const std::optional<value> bound = data ? bound_from_single_value(leaf.type, *data) : std::nullopt;
    return bound ? show(*bound) : std::string("unknown");
  };
  const auto show_count = [](std::int64_t count) { return count < 0 ? std::string("unknown") : std::to_string(count); };
  return fmt::format("metrics of {} (lower {}, upper {}, values {}, nulls {}, NaN {}) do not match {}", leaf.name,
                     show_bound(column.lower_bounds), show_bound(column.upper_bounds), show_count(facts.values()),
                     show_count(facts.nulls()), show_count(facts.nans()), brief_text(leaf, show));
}

}  // namespace

void metrics_evaluator::evaluate(const data_files &files, std::vector<std::uint8_t> &keep) const {
  if (rows_->kind == predicate_kind::always_true) return;
  for (std::size_t row = 0; row < keep.size(); ++row) keep[row] &= files.record_counts[row] != 0;
  filter_rows(*rows_, {0, keep.size(), keep.data()},
              [&](const bound_predicate &leaf, kept_rows rows) { filter_by_bounds(files, leaf, rows); });
}

std::string metrics_evaluator::reason(const data_files &files, std::size_t row) const {
  if (rows_->kind != predicate_kind::always_true && files.record_counts[row] == 0) return "the file has no rows";
  return reason_of(*rows_, [&](const bound_predicate &leaf) -> std::string {
    std::uint8_t keep = 1;
    filter_by_bounds(files, leaf, {row, 1, &keep});
    return keep ? std::string() : describe(files, leaf, row);
  });
}

}  // namespace evodb
