#include "expression/partition_evaluator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "expression/row_filter.h"

namespace evodb {
namespace {

const value_column *find_column(const data_files &files, std::int32_t field_id) noexcept {
  for (const value_column &column : files.partitions) {
    if (column.field_id == field_id) return &column;
  }
  return nullptr;
}

/// One column under one leaf. `rows` says which rows are asked for.
class partition_filter {
 public:
  partition_filter(const bound_predicate &leaf, const data_files &files, const value_column &column, kept_rows rows)
      : leaf_(leaf), files_(files), column_(column), rows_(rows) {
    null_matches_ = may_match(leaf, null_value{});
  }

  void run() const {
    switch (leaf_.kind) {
      case predicate_kind::is_null:
        return each([](std::size_t) { return false; });
      case predicate_kind::not_null:
        return each([](std::size_t) { return true; });
      case predicate_kind::is_nan:
      case predicate_kind::not_nan:
        return test_nan();
      default:
        leaf_.ranges.visit([&](const auto &ranges) { return compare_with(ranges), true; }, true);
    }
  }

 private:
  /// `matches` is asked for the rows that have a value.
  template <typename Matches>
  void each(const Matches &matches) const {
    const std::uint8_t *valid = column_.valid.data() + rows_.first;
    for (std::size_t i = 0; i < rows_.count; ++i) {
      const bool has_value = valid[i] != 0;
      rows_.keep[i] &= has_value ? matches(rows_.first + i) : null_matches_;
    }
  }

  void test_nan() const {
    if (column_.doubles.empty()) return;
    const bool wanted = leaf_.kind == predicate_kind::is_nan;
    each([&](std::size_t row) { return std::isnan(column_.doubles[row]) == wanted; });
  }

  void compare_with(const integer_ranges &ranges) const {
    if (key_kind_of(leaf_.type) == key_kind::floating) {
      if (!column_.doubles.empty())
        compare_keys(ranges, [&](std::size_t row) { return order_key(column_.doubles[row]); });
    } else if (!column_.integers.empty()) {
      compare_keys(ranges, [&](std::size_t row) { return column_.integers[row]; });
    }
  }
  void compare_with(const decimal_ranges &ranges) const {
    compare_spans(ranges, [](byte_view data) { return int128_from_big_endian(data); });
  }
  void compare_with(const uuid_ranges &ranges) const {
    compare_spans(ranges, [](byte_view data) { return uuid_key(data); });
  }
  void compare_with(const byte_ranges &ranges) const {
    compare_spans(ranges, [](byte_view data) { return data; });
  }

  template <typename Ranges, typename Decode>
  void compare_spans(const Ranges &ranges, const Decode &decode) const {
    if (column_.spans.empty()) return;
    each([&](std::size_t row) {
      return contain(ranges, decode(files_.text(column_.spans[row]))) != leaf_.ranges.excluded;
    });
  }

  template <typename KeyAt>
  void compare_keys(const integer_ranges &ranges, const KeyAt &key_at) const {
    const bool excluded = leaf_.ranges.excluded;
    if (ranges.size() != 1) {
      each([&](std::size_t row) { return contain(ranges, key_at(row)) != excluded; });
      return;
    }
    const auto [first, last] = ranges.front();
    each([&, from = first, to = last](std::size_t row) {
      const std::int64_t key = key_at(row);
      return ((key >= from) & (key <= to)) != excluded;
    });
  }

  const bound_predicate &leaf_;
  const data_files &files_;
  const value_column &column_;
  kept_rows rows_;
  bool null_matches_;
};

void filter_by_partition(const data_files &files, const bound_predicate &leaf, kept_rows rows) {
  const value_column *column = find_column(files, leaf.field_id);
  if (!column || column->valid.empty() || value_column::storage_of(column->type) == value_column::storage::none) return;
  if (column->unknown.empty()) return partition_filter(leaf, files, *column, rows).run();
  std::vector<std::uint8_t> keep(rows.keep, rows.keep + rows.count);
  partition_filter(leaf, files, *column, {rows.first, rows.count, keep.data()}).run();
  for (std::size_t i = 0; i < rows.count; ++i) {
    if (!column->is_unknown(rows.first + i)) rows.keep[i] = keep[i];
  }
}

}  // namespace

void partition_evaluator::evaluate(const data_files &files, std::vector<std::uint8_t> &keep) const {
  filter_rows(*projected_, {0, keep.size(), keep.data()},
              [&](const bound_predicate &leaf, kept_rows rows) { filter_by_partition(files, leaf, rows); });
}

std::string partition_evaluator::reason(const data_files &files, std::size_t row) const {
  return reason_of(*projected_, [&](const bound_predicate &leaf) -> std::string {
    std::uint8_t keep = 1;
    filter_by_partition(files, leaf, {row, 1, &keep});
    if (keep) return {};
    const auto is_field = [&](const partition_field &f) { return f.field_id == leaf.field_id; };
    const auto field = std::find_if(fields_.begin(), fields_.end(), is_field);
    const auto show = [&](const value &v) {
      return field == fields_.end() ? to_text(leaf.type, v) : field->transform.to_human_text(leaf.type, v);
    };
    return fmt::format("partition {}={} does not match {}", leaf.name,
                       show(find_column(files, leaf.field_id)->at(row, files.arena)), brief_text(leaf, show));
  });
}

}  // namespace evodb
