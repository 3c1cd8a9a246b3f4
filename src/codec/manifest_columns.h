#pragma once

#include <cstddef>
#include <vector>

#include "codec/avro_file.h"
#include "codec/budget_account.h"
#include "codec/manifest_program.h"
#include "codec/metrics_builder.h"
#include "model/data_files.h"
#include "model/partition_spec.h"

namespace evodb {

/// The columns that a manifest is decoded into. Rows of a block are made at once, saying nothing; a decoder fills in
/// the row at `row`, and then keeps or drops it.
class manifest_columns {
 public:
  manifest_columns(const partition_spec &spec, const std::vector<type> &partition_types,
                   const manifest_columns_wanted &wanted, memory_budget &budget);

  /// Makes a row for each of the block's entries, of which there are no more than its bytes allow.
  void begin_block(const avro_block_reader &block);
  void end_block(const avro_block_reader &block);

  void begin_row() noexcept { arena_start_ = files.arena.size(); }
  void keep_row() noexcept { ++row; }
  void drop_row();  ///< the row is again as it was before begin_row

  manifest_entries finish() &&;

  std::size_t row = 0;
  data_files files;
  manifest_entries entries;  ///< without its files until finish
  budget_account account;
  metrics_builder metrics;

 private:
  void expect(const avro_block_reader &block);
  void resize(std::size_t rows);
  void take_rows(std::size_t rows);
  template <typename Visit>
  void for_each_column(Visit visit);
  template <typename Visit>
  void for_each_detail(Visit visit);

  const manifest_columns_wanted &wanted_;
  std::size_t arena_start_ = 0;  // of the row
  std::size_t arena_taken_ = 0;  // of the budget
  std::size_t expected_rows_ = 0;
  std::size_t taken_rows_ = 0;
};

}  // namespace evodb
