#include "codec/manifest_columns.h"

#include <algorithm>
#include <utility>

namespace evodb {
namespace {

// Bytes of a file that an entry takes at least, and bytes of paths and bounds that a byte of a file gives at most:
// guesses that bound guesses, so that a file made to mislead cannot reserve much.
constexpr std::size_t least_stored_entry = 16;
constexpr std::size_t most_arena_per_byte = 4;

template <typename T>
void drop_last_row(list_column<T> &lists) {
  lists.offsets.pop_back();
  lists.values.resize(lists.offsets.back());
}

template <typename T, typename IsNone>
void clear_if_none(std::vector<T> &column, IsNone is_none) {
  if (std::all_of(column.begin(), column.end(), is_none)) column = {};
}

}  // namespace

manifest_columns::manifest_columns(const partition_spec &spec, const std::vector<type> &partition_types,
                                   const manifest_columns_wanted &wanted, memory_budget &budget)
    : account(budget), metrics(wanted, account), wanted_(wanted) {
  files.spec_id = spec.spec_id;
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    value_column &column = files.partitions.emplace_back();
    column.field_id = spec.fields[i].field_id;
    column.type = partition_types[i];
  }
}

template <typename Visit>
void manifest_columns::for_each_detail(Visit visit) {
  visit(files.sort_order_ids, data_files::no_sort_order);
  visit(files.key_metadata, span{});
  visit(files.first_row_ids, data_files::no_value);
  visit(files.referenced_data_files, span{});
  visit(files.content_offsets, data_files::no_value);
  visit(files.content_sizes, data_files::no_value);
}

/// Every column but the statistics, and what a row has there that says nothing.
template <typename Visit>
void manifest_columns::for_each_column(Visit visit) {
  visit(files.file_paths, span{});
  visit(files.contents, file_content::data);
  visit(files.file_formats, file_format::parquet);
  visit(files.record_counts, std::int64_t{0});
  visit(files.file_sizes, std::int64_t{0});
  for (value_column &column : files.partitions) {
    visit(column.valid, std::uint8_t{0});
    visit(column.unknown, std::uint8_t{0});
    switch (value_column::storage_of(column.type)) {
      case value_column::storage::integers:
        visit(column.integers, std::int64_t{0});
        break;
      case value_column::storage::doubles:
        visit(column.doubles, 0.0);
        break;
      case value_column::storage::spans:
        visit(column.spans, span{});
        break;
      case value_column::storage::none:
        break;
    }
  }
  if (wanted_.details) for_each_detail(visit);
  visit(entries.statuses, entry_status::existing);
  visit(entries.snapshot_ids, std::int64_t{0});
  visit(entries.sequence_numbers, std::int64_t{0});
  visit(entries.file_sequence_numbers, std::int64_t{0});
}

/// Guesses from the file's first block how many rows there will be, so that columns need not grow (and be copied) step
/// by step.
void manifest_columns::expect(const avro_block_reader &block) {
  const std::size_t blocks = block.bytes_to_come() / (block.next_offset() - block.offset()) + 1;
  const std::size_t most = (block.next_offset() + block.bytes_to_come()) / least_stored_entry + block.count();
  expected_rows_ = std::min(block.count() * blocks + block.count() / 4, most);
  take_rows(expected_rows_);
  metrics.expect(expected_rows_);
  for_each_column([&](auto &column, auto) { column.reserve(expected_rows_); });
}

/// Of the budget, for columns of so many rows: those that are always there, the partition's, and the details.
void manifest_columns::take_rows(std::size_t rows) {
  if (rows <= taken_rows_) return;
  account.take((rows - taken_rows_) * (64 + 18 * files.partitions.size() + (wanted_.details ? 56 : 0)));
  taken_rows_ = rows;
}

void manifest_columns::resize(std::size_t rows) {
  take_rows(rows);
  for_each_column([&](auto &column, auto none) { column.resize(rows, none); });
  metrics.resize(rows);
}

void manifest_columns::begin_block(const avro_block_reader &block) {
  if (expected_rows_ == 0) expect(block);
  resize(row + block.count());
}

void manifest_columns::end_block(const avro_block_reader &block) {
  if (arena_taken_ == 0 && row > 0) {
    const std::size_t most = (block.next_offset() + block.bytes_to_come()) * most_arena_per_byte;
    files.arena.reserve(std::min(files.arena.size() / row * expected_rows_, most));
  }
  if (files.arena.capacity() > arena_taken_) account.take(files.arena.capacity() - arena_taken_);
  arena_taken_ = std::max(arena_taken_, files.arena.capacity());
}

void manifest_columns::drop_row() {
  files.arena.resize(arena_start_);
  for_each_column([&](auto &column, auto none) { column[row] = none; });
  if (wanted_.details) {
    drop_last_row(files.split_offsets);
    drop_last_row(files.equality_ids);
  }
  metrics.clear_row(row);
}

manifest_entries manifest_columns::finish() && {
  resize(row);
  const auto is_no_value = [](std::int64_t v) { return v == data_files::no_value; };
  clear_if_none(files.first_row_ids, is_no_value);
  const auto is_inherited = [](std::int64_t v) { return v == manifest_entries::inherited; };
  for (auto *numbers : {&entries.snapshot_ids, &entries.sequence_numbers, &entries.file_sequence_numbers}) {
    clear_if_none(*numbers, is_inherited);
  }
  clear_if_none(files.content_offsets, is_no_value);
  clear_if_none(files.content_sizes, is_no_value);
  clear_if_none(files.referenced_data_files, [](const span &s) { return s.is_null(); });
  for (value_column &column : files.partitions) clear_if_none(column.unknown, [](std::uint8_t u) { return u == 0; });
  files.sort_order_ids.resize(row, data_files::no_sort_order);
  files.key_metadata.resize(row);
  files.split_offsets.offsets.resize(row + 1, 0);
  files.equality_ids.offsets.resize(row + 1, 0);
  files.metrics = std::move(metrics).finish();
  entries.files = std::move(files);
  return std::move(entries);
}

}  // namespace evodb
