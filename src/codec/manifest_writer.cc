#include "codec/manifest_writer.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "codec/avro_encoder.h"
#include "codec/manifest_schema.h"
#include "codec/partition_spec_json.h"
#include "codec/partition_summary.h"
#include "codec/schema_json.h"

namespace evodb {
namespace {

/// What an entry says of itself; null is inherited.
struct entry_identity {
  entry_status status = entry_status::added;
  std::int64_t snapshot_id = 0;
  std::optional<std::int64_t> sequence_number;
  std::optional<std::int64_t> file_sequence_number;
  bool has_first_row_id = false;
};

std::vector<type> types_of(const std::vector<value_column> &columns) {
  std::vector<type> result;
  for (const value_column &column : columns) result.push_back(column.type);
  return result;
}

avro_file_writer open_file(const data_files &files, const manifest_target &target) {
  if (target.format_version != 2 && target.format_version != 3) {
    fail(status::INVALID_ARGUMENT,
         "manifests are written in version 2 and 3, not " + std::to_string(target.format_version));
  }
  const partition_spec &spec = *target.spec;
  if (files.partitions.size() != spec.fields.size()) {
    fail(status::INVALID_ARGUMENT, "files have " + std::to_string(files.partitions.size()) +
                                       " partition values and their spec has " + std::to_string(spec.fields.size()));
  }
  const avro_file_writer::metadata pairs = {
      {"schema", write_schema_text(*target.table_schema)},
      {"schema-id", std::to_string(target.table_schema->schema_id())},
      {"partition-spec", write_partition_fields_text(spec)},
      {"partition-spec-id", std::to_string(spec.spec_id)},
      {"format-version", std::to_string(target.format_version)},
      {"content", target.content == manifest_content::data ? "data" : "deletes"},
  };
  return {manifest_schema_text(target.format_version, spec, types_of(files.partitions)), pairs,
          target.compress ? std::optional(target.level) : std::nullopt};
}

class manifest_encoder {
 public:
  manifest_encoder(const data_files &files, const manifest_target &target)
      : files_(files), target_(target), writer_(open_file(files, target)), out_(writer_.buffer()) {
    row_.partition_spec_id = target.spec->spec_id;
    row_.content = target.content;
    row_.sequence_number = unassigned_sequence_number;
    row_.min_sequence_number = unassigned_sequence_number;
    row_.added_snapshot_id = target.snapshot_id;
    for (const value_column &column : files.partitions) summaries_.emplace_back(column, files.arena);
    for (std::size_t i = 0; i < format_names_.size(); ++i) {
      format_names_[i] = name_of(static_cast<file_format>(i));
      std::transform(format_names_[i].begin(), format_names_[i].end(), format_names_[i].begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    }
  }

  void add(std::size_t row, const entry_identity &entry) {
    const bool is_data = files_.contents[row] == file_content::data;
    if (is_data != (target_.content == manifest_content::data)) {
      invalid(row, "a file's content does not belong into this kind of manifest");
    }
    out_.write_long(static_cast<std::int64_t>(entry.status));
    write_optional(entry.snapshot_id);
    write_optional(entry.sequence_number);
    write_optional(entry.file_sequence_number);
    write_file(row, is_data && entry.has_first_row_id);
    writer_.end_object();
    count(row, entry);
  }

  written_manifest finish() && {
    for (const partition_summary &summary : summaries_) row_.partitions.push_back(summary.finish());
    row_.added_files_count = file_counts_[1];
    row_.existing_files_count = file_counts_[0];
    row_.deleted_files_count = file_counts_[2];
    row_.added_rows_count = row_counts_[1];
    row_.existing_rows_count = row_counts_[0];
    row_.deleted_rows_count = row_counts_[2];
    auto file = std::make_shared<const bytes>(std::move(writer_).finish());
    row_.manifest_length = static_cast<std::int64_t>(file->size());
    return {std::move(file), std::move(row_)};
  }

 private:
  [[noreturn]] void invalid(std::size_t row, const std::string &what) const {
    fail(status::INVALID_ARGUMENT, what, std::string(files_.path(row)));
  }

  void count(std::size_t row, const entry_identity &entry) {
    const auto which = static_cast<std::size_t>(entry.status);
    ++file_counts_[which];
    row_counts_[which] += files_.record_counts[row];
    for (partition_summary &summary : summaries_) summary.add(row);
    if (entry.status != entry_status::deleted && entry.sequence_number &&
        (row_.min_sequence_number == unassigned_sequence_number || *entry.sequence_number < row_.min_sequence_number)) {
      row_.min_sequence_number = *entry.sequence_number;
    }
  }

  void write_optional(std::optional<std::int64_t> value) {
    out_.write_present(value.has_value());
    if (value) out_.write_long(*value);
  }

  /// A value of a column that may be empty; no_value is null.
  void write_optional(const std::vector<std::int64_t> &column, std::size_t row) {
    const std::int64_t value = column.empty() ? data_files::no_value : column[row];
    write_optional(value == data_files::no_value ? std::nullopt : std::optional(value));
  }

  void write_optional(const std::vector<span> &column, std::size_t row) {
    const span value = column.empty() ? span{} : column[row];
    out_.write_present(!value.is_null());
    if (!value.is_null()) out_.write_bytes(files_.text(value));
  }

  void write_file(std::size_t row, bool with_first_row_id) {
    out_.write_long(static_cast<std::int64_t>(files_.contents[row]));
    out_.write_bytes(files_.path(row));
    out_.write_bytes(format_names_[static_cast<std::size_t>(files_.file_formats[row])]);
    for (std::size_t i = 0; i < files_.partitions.size(); ++i) write_partition_value(i, row);
    out_.write_long(files_.record_counts[row]);
    out_.write_long(files_.file_sizes[row]);
    write_counts(&metrics_column::column_sizes, row);
    write_counts(&metrics_column::value_counts, row);
    write_counts(&metrics_column::null_value_counts, row);
    write_counts(&metrics_column::nan_value_counts, row);
    write_bounds(&metrics_column::lower_bounds, row);
    write_bounds(&metrics_column::upper_bounds, row);
    write_optional(files_.key_metadata, row);
    write_list(files_.split_offsets, row);
    write_list(files_.equality_ids, row);
    const std::int32_t sort_order =
        files_.sort_order_ids.empty() ? data_files::no_sort_order : files_.sort_order_ids[row];
    write_optional(sort_order == data_files::no_sort_order ? std::nullopt : std::optional<std::int64_t>(sort_order));
    if (target_.format_version >= 3) {
      if (with_first_row_id) {
        write_optional(files_.first_row_ids, row);
      } else {
        out_.write_present(false);
      }
    }
    write_optional(files_.referenced_data_files, row);
    if (target_.format_version >= 3) {
      write_optional(files_.content_offsets, row);
      write_optional(files_.content_sizes, row);
    }
  }

  void write_partition_value(std::size_t index, std::size_t row) {
    const value_column &column = files_.partitions[index];
    const value_column::storage storage = value_column::storage_of(column.type);
    if (column.is_unknown(row)) {
      invalid(row, "the value of partition field \"" + target_.spec->fields[index].name + "\" is not known");
    }
    if (storage == value_column::storage::none) return;  // Avro's null takes no bytes
    out_.write_present(column.valid[row] != 0);
    if (column.valid[row] == 0) return;
    if (storage == value_column::storage::doubles) {
      if (column.type.is(type_kind::float32)) {
        out_.write_float(static_cast<float>(column.doubles[row]));
      } else {
        out_.write_double(column.doubles[row]);
      }
    } else if (storage == value_column::storage::integers) {
      if (column.type.is(type_kind::boolean)) {
        out_.write_boolean(column.integers[row] != 0);
      } else {
        out_.write_long(column.integers[row]);
      }
    } else {
      write_partition_bytes(index, row, files_.text(column.spans[row]));
    }
  }

  void write_partition_bytes(std::size_t index, std::size_t row, std::string_view data) {
    const type &t = files_.partitions[index].type;
    const auto refuse = [&] {
      invalid(row, "partition field \"" + target_.spec->fields[index].name + "\" has a value of " +
                       std::to_string(data.size()) + " bytes, which is no " + t.to_text());
    };
    switch (t.kind()) {
      case type_kind::decimal: {
        const auto size = static_cast<std::size_t>(decimal_bytes(t.precision()));
        if (data.empty() || data.size() > size) refuse();
        const bool negative = static_cast<std::uint8_t>(data.front()) >= 0x80;
        out_.write_fixed(std::string(size - data.size(), negative ? '\xff' : '\0'));
        out_.write_fixed(data);
        break;
      }
      case type_kind::uuid:
        if (data.size() != 16) refuse();
        out_.write_fixed(data);
        break;
      case type_kind::fixed:
        if (data.size() != static_cast<std::size_t>(t.length())) refuse();
        out_.write_fixed(data);
        break;
      default:
        out_.write_bytes(data);
    }
  }

  void write_counts(std::vector<std::int64_t> metrics_column::*which, std::size_t row) {
    const auto has = [&](const metrics_column &m) { return !(m.*which).empty() && (m.*which)[row] >= 0; };
    if (!begin_map(has)) return;
    for (const metrics_column &m : files_.metrics) {
      if (!has(m)) continue;
      out_.write_long(m.field_id);
      out_.write_long((m.*which)[row]);
    }
    out_.write_long(0);
  }

  void write_bounds(bound_column metrics_column::*which, std::size_t row) {
    const auto bound_of = [&](const metrics_column &m) { return (m.*which).at(row, files_.arena); };
    if (!begin_map([&](const metrics_column &m) { return bound_of(m).has_value(); })) return;
    for (const metrics_column &m : files_.metrics) {
      const std::optional<byte_view> bound = bound_of(m);
      if (!bound) continue;
      out_.write_long(m.field_id);
      out_.write_bytes(*bound);
    }
    out_.write_long(0);
  }

  /// Whether there is anything to write; the map's head is written.
  template <typename Has>
  bool begin_map(Has has) {
    const auto count = std::count_if(files_.metrics.begin(), files_.metrics.end(), has);
    out_.write_present(count > 0);
    if (count > 0) out_.write_long(count);
    return count > 0;
  }

  template <typename T>
  void write_list(const list_column<T> &lists, std::size_t row) {
    const bool has_row = lists.offsets.size() > row + 1;
    const std::size_t first = has_row ? lists.offsets[row] : 0;
    const std::size_t last = has_row ? lists.offsets[row + 1] : 0;
    out_.write_present(last > first);
    if (last == first) return;
    out_.write_long(static_cast<std::int64_t>(last - first));
    for (std::size_t i = first; i < last; ++i) out_.write_long(lists.values[i]);
    out_.write_long(0);
  }

  const data_files &files_;
  const manifest_target &target_;
  avro_file_writer writer_;
  avro_encoder out_;
  manifest_file row_;
  std::vector<partition_summary> summaries_;
  std::array<std::string, 4> format_names_;
  std::array<std::int32_t, 3> file_counts_{};
  std::array<std::int64_t, 3> row_counts_{};
};

}  // namespace

written_manifest write_added_manifest(const data_files &files, std::size_t first, std::size_t last,
                                      const manifest_target &target) {
  manifest_encoder encoder(files, target);
  entry_identity added;
  added.snapshot_id = target.snapshot_id;
  for (std::size_t row = first; row < last; ++row) encoder.add(row, added);
  return std::move(encoder).finish();
}

written_manifest write_manifest(const manifest_entries &entries, const std::vector<std::size_t> &rows,
                                const manifest_target &target) {
  manifest_encoder encoder(entries.files, target);
  const auto explicit_or_null = [&](const std::vector<std::int64_t> &numbers, std::size_t row) {
    if (numbers[row] >= 0) return std::optional(numbers[row]);
    if (entries.statuses[row] != entry_status::added) {
      fail(status::INVALID_ARGUMENT, "an existing or deleted entry needs its sequence numbers",
           std::string(entries.files.path(row)));
    }
    return std::optional<std::int64_t>();
  };
  for (const std::size_t row : rows) {
    entry_identity entry;
    entry.status = entries.statuses[row];
    entry.snapshot_id = entries.snapshot_ids[row];
    entry.sequence_number = explicit_or_null(entries.sequence_numbers, row);
    entry.file_sequence_number = explicit_or_null(entries.file_sequence_numbers, row);
    entry.has_first_row_id = true;
    encoder.add(row, entry);
  }
  return std::move(encoder).finish();
}

}  // namespace evodb
