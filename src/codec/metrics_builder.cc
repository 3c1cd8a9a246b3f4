#include "codec/metrics_builder.h"

#include <algorithm>
#include <utility>

namespace evodb {
namespace {

constexpr std::int64_t no_count = data_files::no_value;
constexpr std::size_t most_known_places = 4096;

std::vector<std::int64_t> &counts_of(metrics_column &column, metrics_builder::count_kind kind) {
  switch (kind) {
    case metrics_builder::column_sizes:
      return column.column_sizes;
    case metrics_builder::value_counts:
      return column.value_counts;
    case metrics_builder::null_value_counts:
      return column.null_value_counts;
    default:
      return column.nan_value_counts;
  }
}

template <typename Places, typename Column>
void remember(Places &places, std::size_t position, std::int32_t field_id, Column *column) {
  if (position >= most_known_places) return;
  if (position >= places.size()) places.resize(position + 1);
  places[position] = {field_id, column};
}

}  // namespace

metrics_builder::metrics_builder(const manifest_columns_wanted &wanted, budget_account &account)
    : wanted_(wanted), account_(account) {
  if (wanted_.all_metrics) return;
  for (const std::int32_t id : wanted_.bounds_and_counts_of) {
    if (by_id_.contains(id)) continue;
    columns_.emplace_back().field_id = id;
    by_id_[id] = &columns_.back();
  }
}

void metrics_builder::resize(std::size_t rows) {
  const std::size_t taken = std::max(rows_, expected_rows_);
  if (rows > taken) {
    account_.take((rows - taken) *
                  (used_counts_.size() * sizeof(std::int64_t) + used_bounds_.size() * bound_column::bytes_a_row));
  }
  for (auto *column : used_counts_) column->resize(rows, no_count);
  for (auto *column : used_bounds_) column->resize(rows);
  rows_ = rows;
}

void metrics_builder::clear_row(std::size_t row) {
  for (auto *column : used_counts_) (*column)[row] = no_count;
  for (auto *column : used_bounds_) column->clear(row);
}

metrics_column *metrics_builder::column_of(std::int32_t field_id) {
  const auto found = by_id_.find(field_id);
  if (found != by_id_.end()) return found->second;
  if (!wanted_.all_metrics) return nullptr;
  account_.take(sizeof(metrics_column) + 4 * sizeof(void *));
  columns_.emplace_back().field_id = field_id;
  return by_id_[field_id] = &columns_.back();
}

std::vector<std::int64_t> *metrics_builder::find_counts(count_kind kind, std::size_t position, std::int32_t field_id) {
  metrics_column *column = column_of(field_id);
  std::vector<std::int64_t> *counts = column == nullptr ? nullptr : &counts_of(*column, kind);
  if (counts != nullptr && counts->empty()) {
    account_.take(std::max(rows_, expected_rows_) * sizeof(std::int64_t));
    counts->reserve(expected_rows_);
    counts->resize(rows_, no_count);
    used_counts_.push_back(counts);
  }
  remember(known_counts_[kind], position, field_id, counts);
  return counts;
}

bound_column *metrics_builder::find_bounds(bound_kind kind, std::size_t position, std::int32_t field_id) {
  metrics_column *column = column_of(field_id);
  bound_column *bounds = column == nullptr      ? nullptr
                         : kind == lower_bounds ? &column->lower_bounds
                                                : &column->upper_bounds;
  if (bounds != nullptr && bounds->empty()) {
    account_.take(std::max(rows_, expected_rows_) * bound_column::bytes_a_row);
    bounds->reserve(expected_rows_);
    bounds->resize(rows_);
    used_bounds_.push_back(bounds);
  }
  remember(known_bounds_[kind], position, field_id, bounds);
  return bounds;
}

std::vector<metrics_column> metrics_builder::finish() && {
  std::vector<metrics_column> result(std::make_move_iterator(columns_.begin()),
                                     std::make_move_iterator(columns_.end()));
  std::sort(result.begin(), result.end(),
            [](const metrics_column &a, const metrics_column &b) { return a.field_id < b.field_id; });
  return result;
}

}  // namespace evodb
