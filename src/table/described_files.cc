#include "table/described_files.h"

#include <fmt/format.h>

#include <utility>

#include "codec/partition_json.h"
#include "table/inspect.h"

namespace evodb {

described_files::described_files(table of, bool allow_outside)
    : table_(std::move(of)),
      allow_outside_(allow_outside),
      partition_types_(result_types(table_.metadata()->default_spec(), *table_.metadata()->current_schema())),
      builder_(empty_builder()) {}

data_files_builder described_files::empty_builder() const {
  const table_metadata &metadata = *table_.metadata();
  const partition_spec &spec = metadata.default_spec();
  std::vector<std::int32_t> ids;
  for (const partition_field &field : spec.fields) ids.push_back(field.field_id);
  return data_files_builder(spec.spec_id, partition_types_, std::move(ids));
}

void described_files::check(const column_metrics &metrics, const std::string &file_path) const {
  const schema &columns = *table_.metadata()->current_schema();
  const field *column = columns.find(metrics.field_id);
  if (column == nullptr) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("statistics of field id {}, which the schema does not have", metrics.field_id), file_path);
  }
  for (const std::optional<bytes> *bound : {&metrics.lower_bound, &metrics.upper_bound}) {
    if (!*bound) continue;
    try {
      from_single_value(column->type, **bound);
    } catch (const error &wrong) {
      fail(status::INVALID_ARGUMENT,
           fmt::format("a bound of column {}: {}", columns.full_name(metrics.field_id), wrong.message()), file_path);
    }
  }
}

void described_files::add(data_file described, std::string_view partition_json) {
  described.file_path = data_file_location(table_, described.file_path, allow_outside_);
  for (std::size_t i = 0; i < described.split_offsets.size(); ++i) {
    if (described.split_offsets[i] < 0 || (i > 0 && described.split_offsets[i] <= described.split_offsets[i - 1])) {
      fail(status::INVALID_ARGUMENT,
           fmt::format("split_offsets must ascend from 0 on: {} is number {}", described.split_offsets[i], i + 1),
           described.file_path);
    }
  }
  for (const column_metrics &metrics : described.metrics) check(metrics, described.file_path);
  const table_metadata &metadata = *table_.metadata();
  described.partition =
      read_partition_json(metadata.default_spec(), partition_types_, partition_json, described.file_path);
  if (paths_.contains(described.file_path))
    fail(status::ALREADY_EXISTS, "this file is given twice", described.file_path);
  builder_.add(described);
  paths_.insert(std::move(described.file_path));
}

void described_files::end_batch() {
  auto batch = std::make_shared<const data_files>(std::move(builder_).finish());
  builder_ = empty_builder();
  if (batch->size() > 0) batches_.push_back(std::move(batch));
}

void described_files::merge(described_files other) {
  for (const std::string &path : other.paths_) {
    if (paths_.contains(path)) fail(status::ALREADY_EXISTS, "this file is given twice", path);
  }
  end_batch();
  other.end_batch();
  batches_.insert(batches_.end(), other.batches_.begin(), other.batches_.end());
  paths_.merge(other.paths_);
}

std::shared_ptr<const table_files> described_files::finish() {
  end_batch();
  auto files = std::make_shared<table_files>();
  files->checked_against = table_.metadata()->current_schema();
  files->batches = std::exchange(batches_, {});
  paths_.clear();
  return files;
}

}  // namespace evodb
