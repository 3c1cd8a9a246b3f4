#include "model/data_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text_cursor.h"
#include "model/schema.h"

namespace evodb {
namespace {

constexpr std::string_view content_names[] = {"data", "position_deletes", "equality_deletes"};
constexpr std::string_view format_names[] = {"parquet", "avro", "orc", "puffin"};

}  // namespace

std::string_view name_of(file_content content) noexcept {
  return content_names[static_cast<std::size_t>(content)];
}

std::optional<file_content> file_content_from(std::string_view name) {
  for (std::size_t i = 0; i < std::size(content_names); ++i) {
    if (name == content_names[i]) return static_cast<file_content>(i);
  }
  return std::nullopt;
}

std::string_view name_of(file_format format) noexcept {
  return format_names[static_cast<std::size_t>(format)];
}

std::optional<file_format> file_format_from(std::string_view name) {
  for (std::size_t i = 0; i < std::size(format_names); ++i) {
    if (equal_ignoring_case(name, format_names[i])) return static_cast<file_format>(i);
  }
  return std::nullopt;
}

value_column::storage value_column::storage_of(const evodb::type &t) noexcept {
  switch (t.kind()) {
    case type_kind::boolean:
    case type_kind::int32:
    case type_kind::int64:
    case type_kind::date:
    case type_kind::time:
    case type_kind::timestamp:
    case type_kind::timestamptz:
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return storage::integers;
    case type_kind::float32:
    case type_kind::float64:
      return storage::doubles;
    case type_kind::decimal:
    case type_kind::string:
    case type_kind::uuid:
    case type_kind::fixed:
    case type_kind::binary:
    case type_kind::geometry:
    case type_kind::geography:
      return storage::spans;
    default:
      return storage::none;
  }
}

void value_column::push(const value &v, bytes &arena) {
  if (is_null(v)) return push_null();
  if (!is_value_of(type, v)) fail_not_a_value_of(type);
  switch (storage_of(type)) {
    case storage::integers:
      if (const auto *flag = std::get_if<bool>(&v)) {
        integers.push_back(*flag);
      } else if (const auto *narrow = std::get_if<std::int32_t>(&v)) {
        integers.push_back(*narrow);
      } else {
        integers.push_back(get<std::int64_t>(type, v));
      }
      break;
    case storage::doubles:
      if (const auto *narrow = std::get_if<float>(&v)) {
        doubles.push_back(*narrow);
      } else {
        doubles.push_back(get<double>(type, v));
      }
      break;
    case storage::spans:
      if (type.is(type_kind::decimal)) {
        spans.push_back(keep_in(arena, to_big_endian(get<int128>(type, v))));
      } else {
        spans.push_back(keep_in(arena, get<std::string>(type, v)));
      }
      break;
    case storage::none:
      fail_not_a_value_of(type);
  }
  valid.push_back(1);
}

void value_column::push_null() {
  switch (storage_of(type)) {
    case storage::integers:
      integers.push_back(0);
      break;
    case storage::doubles:
      doubles.push_back(0);
      break;
    case storage::spans:
      spans.push_back({});
      break;
    case storage::none:
      break;
  }
  valid.push_back(0);
}

void value_column::push_same_as(std::size_t row) {
  switch (storage_of(type)) {
    case storage::integers:
      integers.push_back(integers[row]);
      break;
    case storage::doubles:
      doubles.push_back(doubles[row]);
      break;
    case storage::spans:
      spans.push_back(spans[row]);
      break;
    case storage::none:
      break;
  }
  valid.push_back(valid[row]);
}

value value_column::at(std::size_t row, byte_view arena) const {
  if (!valid[row]) return null_value{};
  switch (type.kind()) {
    case type_kind::boolean:
      return integers[row] != 0;
    case type_kind::int32:
    case type_kind::date:
      return static_cast<std::int32_t>(integers[row]);
    case type_kind::float32:
      return static_cast<float>(doubles[row]);
    case type_kind::float64:
      return doubles[row];
    default:
      break;
  }
  if (storage_of(type) == storage::integers) return integers[row];
  const span s = spans[row];
  const byte_view data = arena.substr(s.offset, static_cast<std::size_t>(s.length));
  if (type.is(type_kind::decimal)) return int128_from_big_endian(data);
  return std::string(data);
}

partition_tuple data_files::partition(std::size_t row) const {
  partition_tuple values;
  values.reserve(partitions.size());
  for (const value_column &column : partitions) {
    values.push_back(column.is_unknown(row) ? std::nullopt : std::optional(column.at(row, arena)));
  }
  return values;
}

const metrics_column *data_files::find_metrics(std::int32_t field_id) const noexcept {
  const auto at = std::lower_bound(metrics.begin(), metrics.end(), field_id,
                                   [](const metrics_column &m, std::int32_t id) { return m.field_id < id; });
  return at != metrics.end() && at->field_id == field_id ? &*at : nullptr;
}

data_file file_at(const data_files &files, std::size_t row) {
  const auto count_at = [&](const std::vector<std::int64_t> &counts) {
    return counts.empty() ? data_files::no_value : counts[row];
  };
  const auto known_at = [&](const std::vector<std::int64_t> &numbers) {
    const std::int64_t number = count_at(numbers);
    return number == data_files::no_value ? std::nullopt : std::optional(number);
  };
  const auto text_at = [&](const std::vector<span> &texts) {
    const bool is_known = !texts.empty() && !texts[row].is_null();
    return is_known ? std::optional<bytes>(files.text(texts[row])) : std::nullopt;
  };
  const auto bound_at = [&](const bound_column &bounds) {
    const std::optional<byte_view> known = bounds.at(row, files.arena);
    return known ? std::optional<bytes>(*known) : std::nullopt;
  };
  const auto list_at = [&](const auto &lists) {
    return std::vector(lists.values.begin() + lists.offsets[row], lists.values.begin() + lists.offsets[row + 1]);
  };
  data_file file;
  file.file_path = files.path(row);
  file.content = files.contents[row];
  file.format = files.file_formats[row];
  file.record_count = files.record_counts[row];
  file.file_size = files.file_sizes[row];
  for (const value_column &column : files.partitions) file.partition.push_back(column.at(row, files.arena));
  for (const metrics_column &column : files.metrics) {
    column_metrics metrics{column.field_id,
                           count_at(column.column_sizes),
                           count_at(column.value_counts),
                           count_at(column.null_value_counts),
                           count_at(column.nan_value_counts),
                           bound_at(column.lower_bounds),
                           bound_at(column.upper_bounds)};
    const bool has_counts = metrics.column_size != -1 || metrics.value_count != -1 || metrics.null_value_count != -1 ||
                            metrics.nan_value_count != -1;
    if (has_counts || metrics.lower_bound || metrics.upper_bound) file.metrics.push_back(std::move(metrics));
  }
  file.split_offsets = list_at(files.split_offsets);
  const std::int32_t order = files.sort_order_ids[row];
  if (order != data_files::no_sort_order) file.sort_order_id = order;
  file.key_metadata = text_at(files.key_metadata);
  file.first_row_id = known_at(files.first_row_ids);
  file.equality_ids = list_at(files.equality_ids);
  file.referenced_data_file = text_at(files.referenced_data_files);
  file.content_offset = known_at(files.content_offsets);
  file.content_size = known_at(files.content_sizes);
  return file;
}

std::int64_t data_files::size_in_bytes() const noexcept {
  const auto of = [](const auto &column) { return column.capacity() * sizeof(column[0]); };
  std::size_t size = arena.capacity() + of(file_paths) + of(contents) + of(file_formats) + of(record_counts) +
                     of(file_sizes) + of(split_offsets.offsets) + of(split_offsets.values) + of(equality_ids.offsets) +
                     of(equality_ids.values) + of(sort_order_ids) + of(key_metadata) + of(first_row_ids) +
                     of(referenced_data_files) + of(content_offsets) + of(content_sizes);
  for (const value_column &one : partitions) {
    size += sizeof one + of(one.valid) + of(one.unknown) + of(one.integers) + of(one.doubles) + of(one.spans);
  }
  for (const metrics_column &one : metrics) {
    size += sizeof one + of(one.column_sizes) + of(one.value_counts) + of(one.null_value_counts) +
            of(one.nan_value_counts) +
            static_cast<std::size_t>(one.lower_bounds.size_in_bytes() + one.upper_bounds.size_in_bytes());
  }
  return static_cast<std::int64_t>(sizeof *this + size);
}

std::int64_t manifest_entries::size_in_bytes() const noexcept {
  const std::size_t numbers = snapshot_ids.capacity() + sequence_numbers.capacity() + file_sequence_numbers.capacity();
  return files.size_in_bytes() + static_cast<std::int64_t>(statuses.capacity() + numbers * sizeof(std::int64_t));
}

}  // namespace evodb
