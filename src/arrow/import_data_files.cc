#include "arrow/import_data_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/utf8.h"

namespace evodb {
namespace {

constexpr const char *root_name = "(the struct of all columns)";
constexpr std::array<const char *, 4> count_columns{"column_sizes", "value_counts", "null_value_counts",
                                                    "nan_value_counts"};
constexpr std::array<std::int64_t column_metrics::*, 4> count_members{
    &column_metrics::column_size, &column_metrics::value_count, &column_metrics::null_value_count,
    &column_metrics::nan_value_count};
constexpr std::array<const char *, 2> bound_columns{"lower_bounds", "upper_bounds"};
constexpr std::array<std::optional<bytes> column_metrics::*, 2> bound_members{&column_metrics::lower_bound,
                                                                              &column_metrics::upper_bound};

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

}  // namespace

data_files_import::data_files_import(const ArrowArray &array, const ArrowSchema &described)
    : rows_(array.length), root_(root_of(array, described), {0, array.length}, described.n_children) {
  for (std::int64_t i = 0; i < described.n_children; ++i) {
    const char *name = described.children[i]->name;
    index({described.children[i], array.children[i], name == nullptr ? "" : name});
  }
  require_column(file_paths_, "file_path");
  require_column(record_counts_, "record_count");
  require_column(file_sizes_, "file_size_in_bytes");
}

void data_files_import::index(const imported_array &column) {
  const array_range used{root_.in_children(0), rows_};
  bool known = claim(file_paths_, column, used, "file_path") || claim(record_counts_, column, used, "record_count") ||
               claim(file_sizes_, column, used, "file_size_in_bytes") ||
               claim(file_formats_, column, used, "file_format") || claim(partitions_, column, used, "partition") ||
               claim(sort_order_ids_, column, used, "sort_order_id") ||
               claim(split_offsets_, column, used, "split_offsets");
  for (std::size_t c = 0; c < counts_.size() && !known; ++c) known = claim(counts_[c], column, used, count_columns[c]);
  for (std::size_t c = 0; c < bounds_.size() && !known; ++c) known = claim(bounds_[c], column, used, bound_columns[c]);
  if (!known) fail_column(column.column, "not a column of data files");
}

void data_files_import::read(std::int64_t row, data_file &into, std::string_view &partition_json) {
  if (root_.is_null(row)) fail_row(root_name, row, "null, but required");
  const std::int64_t i = root_.in_children(row);
  require_value(*file_paths_, "file_path", row, i);
  require_value(*record_counts_, "record_count", row, i);
  require_value(*file_sizes_, "file_size_in_bytes", row, i);

  into.file_path = text_at(file_paths_, "file_path", row, i);
  into.content = file_content::data;
  into.format = file_format::parquet;
  if (file_formats_ && !file_formats_->is_null(i)) {
    const std::string_view name = text_at(file_formats_, "file_format", row, i);
    const std::optional<file_format> known = file_format_from(name);
    if (!known || *known == file_format::puffin) {
      fail_row("file_format", row, fmt::format("expected parquet, avro or orc, got '{}'", name));
    }
    into.format = *known;
  }
  into.record_count = record_counts_->at(i);
  into.file_size = file_sizes_->at(i);
  into.partition.clear();
  partition_json = text_at(partitions_, "partition", row, i);
  into.sort_order_id.reset();
  if (sort_order_ids_ && !sort_order_ids_->is_null(i)) into.sort_order_id = sort_order_ids_->at(i);
  into.split_offsets.clear();
  if (split_offsets_ && !split_offsets_->is_null(i)) {
    for (std::int64_t e = split_offsets_->begin(i); e < split_offsets_->end(i); ++e) {
      if (split_offsets_->values.is_null(e)) fail_row("split_offsets", row, "holds a null");
      into.split_offsets.push_back(split_offsets_->values.at(e));
    }
  }
  read_metrics(row, i, into.metrics);
}

template <typename Map>
void data_files_import::collect(const std::optional<Map> &map, const char *name, std::int64_t row, std::int64_t i,
                                row_keys &into) {
  into.keys.clear();
  into.next = 0;
  if (!map || map->is_null(i)) return;
  for (std::int64_t entry = map->begin(i); entry < map->end(i); ++entry) {
    const std::int64_t at = map->entries.in_children(entry);
    if (map->entries.is_null(entry) || map->keys.is_null(at)) fail_row(name, row, "a key is null");
    into.keys.emplace_back(map->keys.at(at), at);
  }
  // Writers nearly always give the columns in order.
  if (!std::is_sorted(into.keys.begin(), into.keys.end())) std::sort(into.keys.begin(), into.keys.end());
  const auto same = [](const auto &left, const auto &right) { return left.first == right.first; };
  const auto twice = std::adjacent_find(into.keys.begin(), into.keys.end(), same);
  if (twice != into.keys.end()) fail_row(name, row, fmt::format("holds field id {} twice", twice->first));
}

/// Merges the statistics, each ascending by field id, into one row a field id.
void data_files_import::read_metrics(std::int64_t row, std::int64_t i, std::vector<column_metrics> &into) {
  for (std::size_t c = 0; c < counts_.size(); ++c) collect(counts_[c], count_columns[c], row, i, count_keys_[c]);
  for (std::size_t c = 0; c < bounds_.size(); ++c) collect(bounds_[c], bound_columns[c], row, i, bound_keys_[c]);
  std::size_t columns = 0;
  for (;;) {
    std::int64_t field_id = row_keys::none;
    for (const row_keys &keys : count_keys_) field_id = std::min(field_id, keys.first());
    for (const row_keys &keys : bound_keys_) field_id = std::min(field_id, keys.first());
    if (field_id == row_keys::none) break;
    if (columns == into.size()) into.emplace_back();
    column_metrics &metrics = into[columns++];
    metrics.field_id = static_cast<std::int32_t>(field_id);
    for (std::size_t c = 0; c < counts_.size(); ++c) {
      const std::optional<std::int64_t> at = count_keys_[c].take(field_id);
      metrics.*count_members[c] =
          at && !counts_[c]->values.is_null(*at) ? counts_[c]->values.at(*at) : data_files::no_value;
    }
    for (std::size_t c = 0; c < bounds_.size(); ++c) {
      std::optional<bytes> &bound = metrics.*bound_members[c];
      const std::optional<std::int64_t> at = bound_keys_[c].take(field_id);
      if (!at || bounds_[c]->values.is_null(*at)) {
        bound.reset();
      } else if (bound) {
        bound->assign(bounds_[c]->values.at(*at));
      } else {
        bound.emplace(bounds_[c]->values.at(*at));
      }
    }
  }
  into.resize(columns);
}

}  // namespace evodb
