#include "capi/data_files.h"

#include <fmt/format.h>

#include <filesystem>

#include "capi/boundary.h"
#include "capi/data_files_builder.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/table.h"
#include "table/files/inspect.h"
#include "table/files/upload.h"

using namespace evodb;
using namespace evodb::capi;

namespace {

bool take_allow_outside(option_reader &reader) {
  return reader.boolean("inspect.allow-outside").value_or(false);
}

path_values take_path_values(option_reader &reader) {
  const bool taken = reader.boolean("inspect.partition-values-from-path").value_or(false);
  return taken ? path_values::take : path_values::refuse;
}

}  // namespace

void evodb_data_files_free(evodb_data_files *data_files) {
  delete data_files;
}

int64_t evodb_data_files_count(const evodb_data_files *data_files) {
  return data_files == nullptr ? 0 : data_files->files->count();
}

int64_t evodb_data_files_record_count(const evodb_data_files *data_files) {
  return data_files == nullptr ? 0 : data_files->files->record_count();
}

evodb_status evodb_data_files_path(const evodb_data_files *data_files, int64_t index, const char **out_path,
                                   int64_t *out_path_length, evodb_error **error) {
  return guarded(error, [&] {
    require(data_files, "data_files");
    auto *handle = const_cast<evodb_data_files *>(data_files);
    std::call_once(handle->paths_once, [&] {
      for (const auto &batch : data_files->files->batches) {
        for (std::size_t row = 0; row < batch->size(); ++row) handle->paths.emplace_back(batch->path(row));
      }
    });
    text_out(checked_at(data_files->paths, index), out_path, out_path_length);
  });
}

evodb_future *evodb_data_files_inspect(const evodb_table *table, const char *const *paths, const int64_t *path_lengths,
                                       int64_t path_count, const evodb_options *options) {
  return start(runtime_of(table), [&] {
    require(table, "table");
    option_reader reader(options);
    const bool allow_outside = take_allow_outside(reader);
    const path_values from_path = take_path_values(reader);
    reader.finish();
    std::vector<std::string> files = texts_in(paths, path_lengths, path_count, "paths");
    return [value = table->value, files = std::move(files), allow_outside, from_path] {
      return inspect_files(value, files, allow_outside, from_path);
    };
  });
}

evodb_future *evodb_data_files_upload(const evodb_table *table, const char *const *files, const int64_t *file_lengths,
                                      int64_t file_count, const evodb_options *options) {
  const auto progress = std::make_shared<transfer_progress>();
  evodb_future *uploading = start(runtime_of(table), [&] {
    require(table, "table");
    option_reader reader(options);
    const path_values from_path = take_path_values(reader);
    reader.finish();
    std::vector<std::string> paths;
    for (const std::string &file : texts_in(files, file_lengths, file_count, "files")) {
      if (file.empty()) fail(status::INVALID_ARGUMENT, "the name of a file is empty", "files");
      paths.push_back(std::filesystem::absolute(file).lexically_normal().string());
    }
    return [value = table->value, paths = std::move(paths), from_path, progress] {
      return upload_files(value, paths, from_path, progress);
    };
  });
  uploading->progress = progress;
  return uploading;
}

evodb_status evodb_future_take_data_files(evodb_future *future, int64_t timeout_ms, evodb_data_files **out_data_files,
                                          evodb_error **error) {
  return guarded(error, [&] {
    require(out_data_files, "out_data_files");
    *out_data_files = new evodb_data_files(*take<std::shared_ptr<const table_files>>(future, timeout_ms));
  });
}

evodb_status evodb_data_files_builder_new(const evodb_table *table, const evodb_options *options,
                                          evodb_data_files_builder **out_builder, evodb_error **error) {
  return guarded(error, [&] {
    require(table, "table");
    require(out_builder, "out_builder");
    option_reader reader(options);
    const bool allow_outside = take_allow_outside(reader);
    reader.finish();
    *out_builder = new evodb_data_files_builder(table->value, allow_outside);
  });
}

void evodb_data_files_builder_free(evodb_data_files_builder *builder) {
  delete builder;
}

evodb_status evodb_data_files_builder_add(evodb_data_files_builder *builder, const char *path, int64_t path_length,
                                          const char *format, int64_t format_length, int64_t record_count,
                                          int64_t file_size_in_bytes, const char *partition_json,
                                          int64_t partition_json_length, evodb_error **error) {
  return guarded(error, [&] {
    require(builder, "builder");
    builder->end();
    builder->refused = text_in(path, path_length, "path");  // until all of it is checked
    const std::string_view format_name = text_in(format, format_length, "format");
    const auto known = file_format_from(format_name);
    data_file begun;
    begun.format = known.value_or(file_format::parquet);
    begun.file_path = builder->files.locate(builder->refused, begun.format);
    if (!known) {
      fail(status::INVALID_ARGUMENT,
           fmt::format("format: expected parquet, avro or orc, or puffin for a deletion vector, got {}", format_name),
           begun.file_path);
    }
    begun.record_count = record_count;
    begun.file_size = file_size_in_bytes;
    builder->files.begin(begun, text_in(partition_json, partition_json_length, "partition_json"));
    builder->begun = std::move(begun);
    builder->refused.clear();
  });
}

evodb_status evodb_data_files_builder_set_position_deletes(evodb_data_files_builder *builder,
                                                           const char *referenced_data_file,
                                                           int64_t referenced_data_file_length, int64_t content_offset,
                                                           int64_t content_size_in_bytes, evodb_error **error) {
  return guarded(error, [&] {
    require(builder, "builder");
    builder->change([&](data_file &begun) {
      const std::string_view referenced =
          text_in(referenced_data_file, referenced_data_file_length, "referenced_data_file");
      builder->files.make_position_deletes(begun, referenced, content_offset, content_size_in_bytes);
    });
  });
}

evodb_status evodb_data_files_builder_set_equality_deletes(evodb_data_files_builder *builder, const int32_t *field_ids,
                                                           int64_t field_id_count, evodb_error **error) {
  return guarded(error, [&] {
    require(builder, "builder");
    builder->change([&](data_file &begun) {
      if (field_id_count < 0) fail(status::INVALID_ARGUMENT, "field_id_count is negative", begun.file_path);
      if (field_id_count > 0 && field_ids == nullptr)
        fail(status::INVALID_ARGUMENT, "field_ids is NULL", begun.file_path);
      builder->files.make_equality_deletes(begun, {field_ids, static_cast<std::size_t>(field_id_count)});
    });
  });
}

evodb_status evodb_data_files_builder_set_counts(evodb_data_files_builder *builder, int32_t field_id,
                                                 int64_t column_size, int64_t value_count, int64_t null_value_count,
                                                 int64_t nan_value_count, evodb_error **error) {
  return guarded(error, [&] {
    require(builder, "builder");
    builder->change_metrics(field_id, [&](column_metrics &metrics) {
      metrics.column_size = column_size;
      metrics.value_count = value_count;
      metrics.null_value_count = null_value_count;
      metrics.nan_value_count = nan_value_count;
    });
  });
}

evodb_status evodb_data_files_builder_set_bounds(evodb_data_files_builder *builder, int32_t field_id,
                                                 const uint8_t *lower_bound, int64_t lower_bound_length,
                                                 const uint8_t *upper_bound, int64_t upper_bound_length,
                                                 evodb_error **error) {
  return guarded(error, [&] {
    require(builder, "builder");
    builder->change_metrics(field_id, [&](column_metrics &metrics) {
      const std::string_view lower = octets_in(lower_bound, lower_bound_length, "lower_bound");
      const std::string_view upper = octets_in(upper_bound, upper_bound_length, "upper_bound");
      metrics.lower_bound = lower_bound == nullptr ? std::nullopt : std::optional<bytes>(lower);
      metrics.upper_bound = upper_bound == nullptr ? std::nullopt : std::optional<bytes>(upper);
    });
  });
}

evodb_status evodb_data_files_builder_set_split_offsets(evodb_data_files_builder *builder, const int64_t *split_offsets,
                                                        int64_t split_offset_count, evodb_error **error) {
  return guarded(error, [&] {
    require(builder, "builder");
    builder->change([&](data_file &begun) {
      if (split_offset_count < 0) fail(status::INVALID_ARGUMENT, "split_offset_count is negative", begun.file_path);
      if (split_offset_count > 0) require(split_offsets, "split_offsets");
      begun.split_offsets.assign(split_offsets, split_offsets + split_offset_count);
      described_files::check_split_offsets(begun);
    });
  });
}

evodb_status evodb_data_files_builder_finish(evodb_data_files_builder *builder, evodb_data_files **out_data_files,
                                             evodb_error **error) {
  return guarded(error, [&] {
    require(builder, "builder");
    require(out_data_files, "out_data_files");
    builder->end();
    *out_data_files = new evodb_data_files(builder->files.finish());
  });
}
