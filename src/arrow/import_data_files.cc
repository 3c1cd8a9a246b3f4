#include "arrow/import_data_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "arrow/array_view.h"
#include "base/error.h"
#include "base/utf8.h"
#include "model/position_delete_columns.h"

namespace evodb {
namespace {

constexpr const char *root_name = "(the struct of all columns)";
constexpr std::array<const char *, 4> count_columns{"column_sizes", "value_counts", "null_value_counts",
                                                    "nan_value_counts"};
constexpr std::array<std::vector<std::int64_t> metrics_column::*, 4> count_members{
    &metrics_column::column_sizes, &metrics_column::value_counts, &metrics_column::null_value_counts,
    &metrics_column::nan_value_counts};
constexpr std::array<const char *, 2> bound_columns{"lower_bounds", "upper_bounds"};
constexpr std::array<bound_column metrics_column::*, 2> bound_members{&metrics_column::lower_bounds,
                                                                      &metrics_column::upper_bounds};

[[noreturn]] void fail_row(const char *column, std::int64_t row, std::string_view problem) {
  fail_column(column, fmt::format("row {}: {}", row, problem));
}

imported_array root_of(const ArrowArray &array, const ArrowSchema &described) {
  if (described.release == nullptr || array.release == nullptr) fail_column(root_name, "released already");
  return {&described, &array, root_name};
}

/// Makes the view if the column is the one of that name.
template <typename View>
bool claim(std::optional<View> &view, const imported_array &column, array_range used, const char *name) {
  if (column.column != name) return false;
  if (view) fail_column(column.column, "comes twice");
  view.emplace(column, used);
  return true;
}

template <typename View>
void require_column(const std::optional<View> &view, const char *name) {
  if (!view) fail_column(name, "missing, but required");
}

template <typename View>
void require_value(const View &view, const char *name, std::int64_t row, std::int64_t i) {
  if (view.is_null(i)) fail_row(name, row, "null, but required");
}

/// The empty text where the column is missing or its value null.
std::string_view text_at(const std::optional<text_view> &view, const char *name, std::int64_t row, std::int64_t i) {
  if (!view || view->is_null(i)) return {};
  const std::string_view text = view->at(i);
  if (!is_utf8(text)) fail_row(name, row, "not UTF-8");
  return text;
}

/// Makes room in a column that ends before the row, up to it; false if it has the row.
template <typename Column, typename... Missing>
bool begin_row(Column &column, std::size_t row, std::size_t rows, const Missing &...missing) {
  if (column.size() > row) return false;
  if (column.empty()) column.reserve(rows);
  column.resize(row + 1, missing...);
  return true;
}

/// All rows of a statistic, or none if it is known of no row.
template <typename Column, typename... Missing>
void complete(Column &column, std::size_t rows, bool has_any, const Missing &...missing) {
  if (has_any) {
    column.resize(rows, missing...);
  } else {
    column = {};
  }
}

/// The columns of an array, and what has been read of them.
class array_import {
 public:
  array_import(const ArrowArray &array, const ArrowSchema &described);
  imported_data_files read(const schema &columns) &&;

 private:
  using count_map = map_view<number_view<std::int64_t>>;
  using bound_map = map_view<binary_view>;

  void index(const imported_array &column);
  /// Calls visit(row, i) for each row, whose values are those number i of the columns.
  template <typename Visit>
  void for_each_row(Visit visit) const;
  void read_numbers(const number_view<std::int64_t> &from, const char *name, std::vector<std::int64_t> &into) const;
  file_content content_at(std::int64_t row, std::int64_t i) const;
  file_format format_at(std::int64_t row, std::int64_t i, file_content content) const;
  template <typename T>
  void read_list(const std::optional<number_list_view<T>> &from, const char *name, list_column<T> &into) const;
  /// What only delete files have.
  void read_deletes();
  void read_places(const std::optional<number_view<std::int64_t>> &from, const char *name,
                   std::vector<std::int64_t> &into) const;
  void refuse_of_data(const char *name, std::int64_t row) const;
  void read_counts(std::size_t which, const schema &columns);
  void read_bounds(std::size_t which, const schema &columns);
  /// Calls put(metrics_column, row, place of the value) for each of a map's values, which is false if there is one already.
  template <typename Map, typename Put>
  void read_map(const Map &map, const char *name, const schema &columns, Put put);

  std::int64_t rows_;
  array_view root_;
  std::optional<text_view> file_paths_, file_formats_, partitions_, contents_, referenced_data_files_;
  std::optional<number_view<std::int64_t>> record_counts_, file_sizes_, content_offsets_, content_sizes_;
  std::optional<number_view<std::int32_t>> sort_order_ids_;
  std::optional<number_list_view<std::int64_t>> split_offsets_;
  std::optional<number_list_view<std::int32_t>> equality_ids_;
  std::array<std::optional<count_map>, 4> counts_;
  std::array<std::optional<bound_map>, 2> bounds_;
  imported_data_files read_;
};

array_import::array_import(const ArrowArray &array, const ArrowSchema &described)
    : rows_(array.length), root_(root_of(array, described), {0, array.length}, described.n_children) {
  for (std::int64_t i = 0; i < described.n_children; ++i) {
    const char *name = described.children[i]->name;
    index({described.children[i], array.children[i], name == nullptr ? "" : name});
  }
  require_column(file_paths_, "file_path");
  require_column(record_counts_, "record_count");
  require_column(file_sizes_, "file_size_in_bytes");
}

void array_import::index(const imported_array &column) {
  const array_range used{root_.in_children(0), rows_};
  bool known = claim(file_paths_, column, used, "file_path") || claim(record_counts_, column, used, "record_count") ||
               claim(file_sizes_, column, used, "file_size_in_bytes") ||
               claim(file_formats_, column, used, "file_format") || claim(partitions_, column, used, "partition") ||
               claim(sort_order_ids_, column, used, "sort_order_id") ||
               claim(split_offsets_, column, used, "split_offsets") || claim(contents_, column, used, "content") ||
               claim(referenced_data_files_, column, used, "referenced_data_file") ||
               claim(content_offsets_, column, used, "content_offset") ||
               claim(content_sizes_, column, used, "content_size_in_bytes") ||
               claim(equality_ids_, column, used, "equality_ids");
  for (std::size_t c = 0; c < counts_.size() && !known; ++c) known = claim(counts_[c], column, used, count_columns[c]);
  for (std::size_t c = 0; c < bounds_.size() && !known; ++c) known = claim(bounds_[c], column, used, bound_columns[c]);
  if (!known) fail_column(column.column, "not a column of data files");
}

template <typename Visit>
void array_import::for_each_row(Visit visit) const {
  for (std::int64_t row = 0; row < rows_; ++row) visit(row, root_.in_children(row));
}

void array_import::read_numbers(const number_view<std::int64_t> &from, const char *name,
                                std::vector<std::int64_t> &into) const {
  into.reserve(static_cast<std::size_t>(rows_));
  for_each_row([&](std::int64_t row, std::int64_t i) {
    require_value(from, name, row, i);
    into.push_back(from.at(i));
  });
}

file_content array_import::content_at(std::int64_t row, std::int64_t i) const {
  if (!contents_ || contents_->is_null(i)) return file_content::data;
  const std::string_view name = text_at(contents_, "content", row, i);
  const std::optional<file_content> known = file_content_from(name);
  if (!known)
    fail_row("content", row, fmt::format("expected data, position_deletes or equality_deletes, got '{}'", name));
  return *known;
}

file_format array_import::format_at(std::int64_t row, std::int64_t i, file_content content) const {
  if (!file_formats_ || file_formats_->is_null(i)) return file_format::parquet;
  const std::string_view name = text_at(file_formats_, "file_format", row, i);
  const std::optional<file_format> known = file_format_from(name);
  if (!known || (*known == file_format::puffin && content != file_content::position_deletes)) {
    fail_row("file_format", row,
             fmt::format("expected parquet, avro or orc, or puffin for a deletion vector, got '{}'", name));
  }
  return *known;
}

template <typename T>
void array_import::read_list(const std::optional<number_list_view<T>> &from, const char *name,
                             list_column<T> &into) const {
  for_each_row([&](std::int64_t row, std::int64_t i) {
    if (from && !from->is_null(i)) {
      for (std::int64_t e = from->begin(i); e < from->end(i); ++e) {
        if (from->values.is_null(e)) fail_row(name, row, "holds a null");
        into.values.push_back(from->values.at(e));
      }
    }
    into.push_row();
  });
}

void array_import::refuse_of_data(const char *name, std::int64_t row) const {
  if (read_.files.contents[static_cast<std::size_t>(row)] == file_content::data)
    fail_row(name, row, "a data file has none; column content says which files are of deletes");
}

void array_import::read_places(const std::optional<number_view<std::int64_t>> &from, const char *name,
                               std::vector<std::int64_t> &into) const {
  if (!from) return;
  for_each_row([&](std::int64_t row, std::int64_t i) {
    if (from->is_null(i)) return;
    refuse_of_data(name, row);
    if (from->at(i) < 0) fail_row(name, row, fmt::format("{} is negative", from->at(i)));
    begin_row(into, static_cast<std::size_t>(row), static_cast<std::size_t>(rows_), data_files::no_value);
    into[static_cast<std::size_t>(row)] = from->at(i);
  });
  if (!into.empty()) into.resize(static_cast<std::size_t>(rows_), data_files::no_value);
}

void array_import::read_deletes() {
  data_files &files = read_.files;
  read_places(content_offsets_, "content_offset", files.content_offsets);
  read_places(content_sizes_, "content_size_in_bytes", files.content_sizes);
  for_each_row([&](std::int64_t row, std::int64_t i) {
    if (equality_ids_ && !equality_ids_->is_null(i)) refuse_of_data("equality_ids", row);
    const std::string_view referenced = text_at(referenced_data_files_, "referenced_data_file", row, i);
    if (referenced.empty()) return;
    refuse_of_data("referenced_data_file", row);
    begin_row(files.referenced_data_files, static_cast<std::size_t>(row), static_cast<std::size_t>(rows_));
    files.referenced_data_files[static_cast<std::size_t>(row)] = files.keep(referenced);
  });
  if (!files.referenced_data_files.empty()) files.referenced_data_files.resize(static_cast<std::size_t>(rows_));
  read_list(equality_ids_, "equality_ids", files.equality_ids);
}

template <typename Map, typename Put>
void array_import::read_map(const Map &map, const char *name, const schema &columns, Put put) {
  std::vector<metrics_column> &metrics = read_.files.metrics;
  metrics_cursor cursor;
  for_each_row([&](std::int64_t row, std::int64_t i) {
    if (map.is_null(i)) return;
    cursor.begin_file();
    for (std::int64_t entry = map.begin(i); entry < map.end(i); ++entry) {
      const std::int64_t at = map.entries.in_children(entry);
      if (map.entries.is_null(entry) || map.keys.is_null(at)) fail_row(name, row, "a key is null");
      const std::int32_t field_id = map.keys.at(at);
      metrics_column *column = cursor.find(metrics, field_id);
      const bool is_of_positions =
          (field_id == delete_file_path_id || field_id == delete_position_id) &&
          read_.files.contents[static_cast<std::size_t>(row)] == file_content::position_deletes;
      if (column == nullptr && columns.find(field_id) == nullptr && !is_of_positions) {
        if (!read_.of_no_column) read_.of_no_column = {static_cast<std::size_t>(row), field_id};
        continue;
      }
      if (column == nullptr) column = &cursor.find_or_add(metrics, field_id);
      if (!put(*column, static_cast<std::size_t>(row), at))
        fail_row(name, row, fmt::format("holds field id {} twice", field_id));
    }
  });
}

void array_import::read_counts(std::size_t which, const schema &columns) {
  if (!counts_[which]) return;
  const auto rows = static_cast<std::size_t>(rows_);
  const auto member = count_members[which];
  const number_view<std::int64_t> &values = counts_[which]->values;
  read_map(*counts_[which], count_columns[which], columns,
           [&](metrics_column &column, std::size_t row, std::int64_t at) {
             std::vector<std::int64_t> &counts = column.*member;
             if (!begin_row(counts, row, rows, data_files::no_value)) return false;
             if (!values.is_null(at)) counts[row] = values.at(at);
             return true;
           });
  for (metrics_column &column : read_.files.metrics) {
    std::vector<std::int64_t> &counts = column.*member;
    const bool has_any = std::any_of(counts.begin(), counts.end(), [](auto c) { return c != data_files::no_value; });
    complete(counts, rows, has_any, data_files::no_value);
  }
}

void array_import::read_bounds(std::size_t which, const schema &columns) {
  if (!bounds_[which]) return;
  const auto rows = static_cast<std::size_t>(rows_);
  const auto member = bound_members[which];
  const binary_view &values = bounds_[which]->values;
  read_map(*bounds_[which], bound_columns[which], columns,
           [&](metrics_column &column, std::size_t row, std::int64_t at) {
             bound_column &bounds = column.*member;
             if (!begin_row(bounds, row, rows)) return false;
             if (!values.is_null(at)) bounds.set(row, values.at(at), read_.files.arena);
             return true;
           });
  for (metrics_column &column : read_.files.metrics) {
    bound_column &bounds = column.*member;
    complete(bounds, rows, bounds.has_any());
  }
}

imported_data_files array_import::read(const schema &columns) && {
  const auto rows = static_cast<std::size_t>(rows_);
  data_files &files = read_.files;
  for_each_row([&](std::int64_t row, std::int64_t i) {
    if (root_.is_null(row)) fail_row(root_name, row, "null, but required");
    require_value(*file_paths_, "file_path", row, i);
    read_.paths.push_back(text_at(file_paths_, "file_path", row, i));
    read_.partitions.push_back(text_at(partitions_, "partition", row, i));
    files.contents.push_back(content_at(row, i));
    files.file_formats.push_back(format_at(row, i, files.contents.back()));
    const bool is_sorted = sort_order_ids_ && !sort_order_ids_->is_null(i);
    files.sort_order_ids.push_back(is_sorted ? sort_order_ids_->at(i) : data_files::no_sort_order);
  });
  read_numbers(*record_counts_, "record_count", files.record_counts);
  read_numbers(*file_sizes_, "file_size_in_bytes", files.file_sizes);
  read_list(split_offsets_, "split_offsets", files.split_offsets);
  read_deletes();
  for (std::size_t c = 0; c < counts_.size(); ++c) read_counts(c, columns);
  for (std::size_t c = 0; c < bounds_.size(); ++c) read_bounds(c, columns);
  files.key_metadata.assign(rows, span{});
  return std::move(read_);
}

}  // namespace

imported_data_files import_data_files(const ArrowArray &array, const ArrowSchema &described, const schema &columns) {
  return array_import(array, described).read(columns);
}

}  // namespace evodb
