#include "model/joined_entries.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.h"

namespace evodb {
namespace {

/// The rows of a column that is empty where no row has a value.
template <typename T, typename Map>
void add_optional(std::vector<T> &to, const std::vector<T> &from, const std::vector<std::size_t> &rows,
                  std::size_t before, const T &none, Map map) {
  if (to.empty() && from.empty()) return;
  to.resize(before, none);
  for (const std::size_t row : rows) to.push_back(from.empty() ? none : map(from[row]));
}

template <typename T>
void add_optional(std::vector<T> &to, const std::vector<T> &from, const std::vector<std::size_t> &rows,
                  std::size_t before, const T &none) {
  add_optional(to, from, rows, before, none, [](const T &value) { return value; });
}

void add_bounds(bound_column &to, const bound_column &from, const std::vector<std::size_t> &rows, std::size_t before,
                std::uint32_t arena_offset) {
  if (to.empty() && from.empty()) return;
  to.resize(before);
  for (const std::size_t row : rows) to.push_same(from, row, arena_offset);
}

template <typename T>
void add_rows(std::vector<T> &to, const std::vector<T> &from, const std::vector<std::size_t> &rows) {
  if (from.empty()) return;
  for (const std::size_t row : rows) to.push_back(from[row]);
}

template <typename T>
void add_lists(list_column<T> &to, const list_column<T> &from, const std::vector<std::size_t> &rows,
               std::size_t before) {
  while (to.offsets.size() <= before) to.push_row();
  for (const std::size_t row : rows) {
    if (from.offsets.size() > row + 1) {
      to.values.insert(to.values.end(), from.values.begin() + from.offsets[row],
                       from.values.begin() + from.offsets[row + 1]);
    }
    to.push_row();
  }
}

metrics_column &metrics_of(data_files &files, std::int32_t field_id) {
  const auto at = std::lower_bound(files.metrics.begin(), files.metrics.end(), field_id,
                                   [](const metrics_column &m, std::int32_t id) { return m.field_id < id; });
  if (at != files.metrics.end() && at->field_id == field_id) return *at;
  metrics_column added;
  added.field_id = field_id;
  return *files.metrics.insert(at, std::move(added));
}

template <typename T>
void fill(std::vector<T> &column, std::size_t count, const T &none) {
  if (!column.empty()) column.resize(count, none);
}

}  // namespace

void joined_entries::add(const inherited_entries &from) {
  std::vector<std::size_t> live;
  for (std::size_t row = 0; row < from->size(); ++row) {
    if (from->is_live(row)) live.push_back(row);
  }
  add(from, live);
}

void joined_entries::add(const inherited_entries &from, const std::vector<std::size_t> &rows) {
  const std::vector<std::int64_t> first_row_ids = from.first_row_ids();
  add_files(from->files, rows);
  add_optional(joined_.files.first_row_ids, first_row_ids, rows, joined_.size(), data_files::no_value);
  for (const std::size_t row : rows) {
    joined_.statuses.push_back(entry_status::existing);
    joined_.snapshot_ids.push_back(from.snapshot_id(row));
    joined_.sequence_numbers.push_back(from.sequence_number(row));
    joined_.file_sequence_numbers.push_back(from.file_sequence_number(row));
  }
}

void joined_entries::add_files(const data_files &from, const std::vector<std::size_t> &rows) {
  data_files &to = joined_.files;
  const std::size_t before = to.size();
  const std::size_t text = to.arena.size();
  if (from.arena.size() > std::numeric_limits<std::uint32_t>::max() - text)
    fail(status::RESOURCE_EXHAUSTED, "the texts of the manifests to be joined pass 4 GiB");
  to.arena += from.arena;
  const auto moved = [text](span s) {
    if (!s.is_null()) s.offset += static_cast<std::uint32_t>(text);
    return s;
  };
  for (const std::size_t row : rows) to.file_paths.push_back(moved(from.file_paths[row]));
  add_rows(to.contents, from.contents, rows);
  add_rows(to.file_formats, from.file_formats, rows);
  add_rows(to.record_counts, from.record_counts, rows);
  add_rows(to.file_sizes, from.file_sizes, rows);
  to.partitions.resize(from.partitions.size());
  for (std::size_t i = 0; i < from.partitions.size(); ++i) {
    const value_column &values = from.partitions[i];
    value_column &joined = to.partitions[i];
    joined.field_id = values.field_id;
    joined.type = values.type;
    add_rows(joined.valid, values.valid, rows);
    add_optional(joined.unknown, values.unknown, rows, before, std::uint8_t{0});
    add_rows(joined.integers, values.integers, rows);
    add_rows(joined.doubles, values.doubles, rows);
    if (!values.spans.empty()) {
      for (const std::size_t row : rows) joined.spans.push_back(moved(values.spans[row]));
    }
  }
  for (const metrics_column &column : from.metrics) {
    metrics_column &joined = metrics_of(to, column.field_id);
    for (const auto counts : {&metrics_column::column_sizes, &metrics_column::value_counts,
                              &metrics_column::null_value_counts, &metrics_column::nan_value_counts}) {
      add_optional(joined.*counts, column.*counts, rows, before, data_files::no_value);
    }
    for (const auto bounds : {&metrics_column::lower_bounds, &metrics_column::upper_bounds}) {
      add_bounds(joined.*bounds, column.*bounds, rows, before, static_cast<std::uint32_t>(text));
    }
  }
  add_lists(to.split_offsets, from.split_offsets, rows, before);
  add_lists(to.equality_ids, from.equality_ids, rows, before);
  add_optional(to.sort_order_ids, from.sort_order_ids, rows, before, data_files::no_sort_order);
  add_optional(to.key_metadata, from.key_metadata, rows, before, span(), moved);
  add_optional(to.referenced_data_files, from.referenced_data_files, rows, before, span(), moved);
  add_optional(to.content_offsets, from.content_offsets, rows, before, data_files::no_value);
  add_optional(to.content_sizes, from.content_sizes, rows, before, data_files::no_value);
}

manifest_entries joined_entries::finish() && {
  const std::size_t count = joined_.size();
  for (metrics_column &column : joined_.files.metrics) {
    for (const auto counts : {&metrics_column::column_sizes, &metrics_column::value_counts,
                              &metrics_column::null_value_counts, &metrics_column::nan_value_counts}) {
      fill(column.*counts, count, data_files::no_value);
    }
    for (const auto bounds : {&metrics_column::lower_bounds, &metrics_column::upper_bounds}) {
      if (!(column.*bounds).empty()) (column.*bounds).resize(count);
    }
  }
  return std::move(joined_);
}

}  // namespace evodb
