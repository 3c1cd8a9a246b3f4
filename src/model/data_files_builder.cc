#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "model/data_files.h"
#include "model/schema.h"

namespace evodb {
namespace {

[[noreturn]] void fail_file(const data_file &file, const std::string &problem) {
  fail(status::INVALID_ARGUMENT, fmt::format("{}: '{}'", problem, file.file_path), file.file_path);
}

/// Whether the count is one, or is said to be missing.
bool is_count(std::int64_t count) noexcept {
  return count >= data_files::no_value;
}

/// No column twice, whatever the order.
void check_metrics_ids(const data_file &file) {
  std::vector<std::int32_t> ids;
  ids.reserve(file.metrics.size());
  for (const column_metrics &m : file.metrics) ids.push_back(m.field_id);
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  if (twice != ids.end()) fail_file(file, fmt::format("data file has metrics of column {} twice", *twice));
}

void check_metrics(const data_file &file) {
  bool ascending = true;
  for (const column_metrics &m : file.metrics) {
    if (!is_count(m.column_size) || !is_count(m.value_count) || !is_count(m.null_value_count) ||
        !is_count(m.nan_value_count)) {
      fail_file(file, fmt::format("data file has a negative count for column {}", m.field_id));
    }
    ascending &= &m == &file.metrics.front() || (&m - 1)->field_id < m.field_id;
  }
  if (!ascending) check_metrics_ids(file);
}

void check_partition(const data_file &file, const std::vector<value_column> &columns) {
  if (file.partition.size() != columns.size()) {
    fail_file(file, fmt::format("data file has {} partition values, but its spec {} fields", file.partition.size(),
                                columns.size()));
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!is_value_of(columns[i].type, file.partition[i])) {
      fail_file(file, fmt::format("data file's value of partition field {} is not of type {}", columns[i].field_id,
                                  columns[i].type.to_text()));
    }
  }
}

/// What the specification gives to files of one content alone.
void check_content(const data_file &file) {
  const bool is_data = file.content == file_content::data;
  const bool has_equality_ids = !file.equality_ids.empty();
  if (has_equality_ids != (file.content == file_content::equality_deletes))
    fail_file(file, has_equality_ids ? "data file without equality deletes has equality ids"
                                     : "file of equality deletes has no equality ids");
  const bool has_position = file.referenced_data_file || file.content_offset || file.content_size;
  if (has_position && file.content != file_content::position_deletes)
    fail_file(file, "data file without position deletes refers to what they are of, or has them in a part of it");
  if (file.content_offset.has_value() != file.content_size.has_value())
    fail_file(file, "data file has one of content offset and content size");
  if (file.first_row_id && !is_data) fail_file(file, "file of deletes has a first row id");
  if (file.content_offset.value_or(0) < 0 || file.content_size.value_or(0) < 0)
    fail_file(file, "data file has a negative content offset or size");
  if (file.first_row_id.value_or(0) < 0) fail_file(file, "data file has a negative first row id");
}

/// Sets row `row` of a vector that is only as long as rows had the statistic.
template <typename T>
void set(std::vector<T> &column, std::size_t row, const T &value, const T &missing) {
  if (column.size() < row) column.resize(row, missing);
  column.push_back(value);
}

void set_count(std::vector<std::int64_t> &column, std::size_t row, std::int64_t count) {
  if (count != data_files::no_value) set(column, row, count, data_files::no_value);
}

void set_text(data_files &files, std::vector<span> &column, std::size_t row, const std::optional<bytes> &text) {
  if (text) set(column, row, files.keep(*text), span{});
}

void set_bound(data_files &files, bound_column &column, std::size_t row, const std::optional<bytes> &bound) {
  if (!bound) return;
  column.resize(row + 1);
  column.set(row, *bound, files.arena);
}

template <typename T>
void append_row(list_column<T> &lists, const std::vector<T> &row) {
  lists.values.insert(lists.values.end(), row.begin(), row.end());
  lists.push_row();
}

template <typename T>
void pad(std::vector<T> &column, std::size_t rows, const T &missing) {
  if (!column.empty()) column.resize(rows, missing);
}

}  // namespace

data_files_builder::data_files_builder(std::int32_t spec_id, std::vector<type> partition_types,
                                       std::vector<std::int32_t> partition_field_ids) {
  if (partition_types.size() != partition_field_ids.size()) {
    fail(status::INVALID_ARGUMENT, fmt::format("{} partition types, but {} partition field ids", partition_types.size(),
                                               partition_field_ids.size()));
  }
  files_.spec_id = spec_id;
  files_.partitions.resize(partition_types.size());
  for (std::size_t i = 0; i < partition_types.size(); ++i) {
    files_.partitions[i].field_id = partition_field_ids[i];
    files_.partitions[i].type = std::move(partition_types[i]);
  }
}

void data_files_builder::add(const data_file &file) {
  if (file.file_path.empty()) fail(status::INVALID_ARGUMENT, "data file has an empty path");
  if (file.record_count < 0) fail_file(file, "data file has a negative record count");
  if (file.file_size < 0) fail_file(file, "data file has a negative size");
  check_partition(file, files_.partitions);
  check_metrics(file);
  check_content(file);

  const std::size_t row = files_.size();
  metrics_.begin_file();
  for (const column_metrics &m : file.metrics) {
    metrics_column &column = metrics_.find_or_add(files_.metrics, m.field_id);
    set_count(column.column_sizes, row, m.column_size);
    set_count(column.value_counts, row, m.value_count);
    set_count(column.null_value_counts, row, m.null_value_count);
    set_count(column.nan_value_counts, row, m.nan_value_count);
    set_bound(files_, column.lower_bounds, row, m.lower_bound);
    set_bound(files_, column.upper_bounds, row, m.upper_bound);
  }
  for (std::size_t i = 0; i < files_.partitions.size(); ++i) files_.partitions[i].push(file.partition[i], files_.arena);
  files_.contents.push_back(file.content);
  files_.file_formats.push_back(file.format);
  files_.record_counts.push_back(file.record_count);
  files_.file_sizes.push_back(file.file_size);
  append_row(files_.split_offsets, file.split_offsets);
  append_row(files_.equality_ids, file.equality_ids);
  files_.sort_order_ids.push_back(file.sort_order_id.value_or(data_files::no_sort_order));
  files_.key_metadata.push_back(file.key_metadata ? files_.keep(*file.key_metadata) : span{});
  set_count(files_.first_row_ids, row, file.first_row_id.value_or(data_files::no_value));
  set_text(files_, files_.referenced_data_files, row, file.referenced_data_file);
  set_count(files_.content_offsets, row, file.content_offset.value_or(data_files::no_value));
  set_count(files_.content_sizes, row, file.content_size.value_or(data_files::no_value));
  files_.file_paths.push_back(files_.keep(file.file_path));
}

data_files data_files_builder::finish() && {
  const std::size_t rows = files_.size();
  for (metrics_column &m : files_.metrics) {
    for (auto *counts : {&m.column_sizes, &m.value_counts, &m.null_value_counts, &m.nan_value_counts}) {
      pad(*counts, rows, data_files::no_value);
    }
    for (bound_column *bounds : {&m.lower_bounds, &m.upper_bounds}) {
      if (!bounds->empty()) bounds->resize(rows);
    }
  }
  for (auto *numbers : {&files_.first_row_ids, &files_.content_offsets, &files_.content_sizes}) {
    pad(*numbers, rows, data_files::no_value);
  }
  pad(files_.referenced_data_files, rows, span{});
  return std::move(files_);
}

metrics_column *metrics_cursor::find(std::vector<metrics_column> &among, std::int32_t field_id) noexcept {
  if (next_ >= among.size() || among[next_].field_id != field_id) {
    const auto at = std::lower_bound(among.begin(), among.end(), field_id,
                                     [](const metrics_column &m, std::int32_t id) { return m.field_id < id; });
    next_ = static_cast<std::size_t>(at - among.begin());
    if (at == among.end() || at->field_id != field_id) return nullptr;
  }
  return &among[next_++];
}

metrics_column &metrics_cursor::find_or_add(std::vector<metrics_column> &among, std::int32_t field_id) {
  if (metrics_column *found = find(among, field_id)) return *found;
  metrics_column &added = *among.insert(among.begin() + static_cast<std::ptrdiff_t>(next_++), metrics_column{});
  added.field_id = field_id;
  return added;
}

}  // namespace evodb
