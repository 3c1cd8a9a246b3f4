#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <unordered_map>
#include <vector>

#include "codec/budget_account.h"
#include "codec/manifest_program.h"
#include "model/data_files.h"

namespace evodb {

/// Gathers the statistics of a manifest's files into columns, one vector for each field and kind of statistic that
/// turns up.
class metrics_builder {
 public:
  enum count_kind : std::uint8_t { column_sizes, value_counts, null_value_counts, nan_value_counts };
  enum bound_kind : std::uint8_t { lower_bounds, upper_bounds };

  metrics_builder(const manifest_columns_wanted &wanted, budget_account &account);

  /// How many rows there will probably be: columns reserve that much.
  void expect(std::size_t rows) { expected_rows_ = rows; }
  /// Makes room for rows [0, rows), those that are new having no statistics.
  void resize(std::size_t rows);
  /// Takes a row's statistics away.
  void clear_row(std::size_t row);

  /// How many fields' statistics are wanted at most.
  std::size_t wanted_columns() const noexcept {
    return wanted_.all_metrics ? std::numeric_limits<std::size_t>::max() : columns_.size();
  }

  /// The vector of a field's counts; null when they are not wanted. `position` is the pair's place in its map: writers
  /// put the same fields in the same places in file after file, so that remembering them saves the search.
  std::vector<std::int64_t> *counts(count_kind kind, std::size_t position, std::int32_t field_id) {
    auto &known = known_counts_[kind];
    if (position < known.size() && known[position].field_id == field_id) return known[position].column;
    return find_counts(kind, position, field_id);
  }
  bound_column *bounds(bound_kind kind, std::size_t position, std::int32_t field_id) {
    auto &known = known_bounds_[kind];
    if (position < known.size() && known[position].field_id == field_id) return known[position].column;
    return find_bounds(kind, position, field_id);
  }

  std::vector<metrics_column> finish() &&;  ///< ascending by field id

 private:
  template <typename Column>
  struct known_place {
    std::int32_t field_id = -1;  // no field has it
    Column *column = nullptr;
  };
  template <typename Column>
  using known_places = std::vector<known_place<Column>>;

  std::vector<std::int64_t> *find_counts(count_kind kind, std::size_t position, std::int32_t field_id);
  bound_column *find_bounds(bound_kind kind, std::size_t position, std::int32_t field_id);
  metrics_column *column_of(std::int32_t field_id);

  const manifest_columns_wanted &wanted_;
  budget_account &account_;

  std::size_t rows_ = 0;
  std::size_t expected_rows_ = 0;
  std::deque<metrics_column> columns_;  // a deque: its elements stay where they are
  std::unordered_map<std::int32_t, metrics_column *> by_id_;
  std::vector<std::vector<std::int64_t> *> used_counts_;
  std::vector<bound_column *> used_bounds_;
  std::array<known_places<std::vector<std::int64_t>>, 4> known_counts_;
  std::array<known_places<bound_column>, 2> known_bounds_;
};

}  // namespace evodb
