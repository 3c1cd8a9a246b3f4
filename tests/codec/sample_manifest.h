#pragma once

#include <string>
#include <utility>
#include <vector>

#include "codec/manifest_writer.h"
#include "model/data_files.h"

namespace evodb::testing {

inline schema sample_schema() {
  std::vector<field> fields;
  const std::pair<const char *, type> columns[] = {
      {"id", type_kind::int64}, {"at", type_kind::timestamp}, {"name", type_kind::string}};
  for (const auto &[name, column_type] : columns) {
    field f;
    f.id = static_cast<std::int32_t>(fields.size()) + 1;
    f.name = name;
    f.type = column_type;
    fields.push_back(std::move(f));
  }
  return schema(3, std::move(fields));
}

inline partition_spec sample_spec() {
  partition_spec spec;
  spec.spec_id = 1;
  const std::pair<const char *, const char *> parts[] = {{"at_day", "day"}, {"na-me", "identity"}};
  for (const auto &[name, transform_text] : parts) {
    partition_field f;
    f.source_ids = {static_cast<std::int32_t>(spec.fields.size()) + 2};
    f.field_id = 1000 + static_cast<std::int32_t>(spec.fields.size());
    f.name = name;
    f.transform = transform::parse(transform_text);
    spec.fields.push_back(std::move(f));
  }
  return spec;
}

inline std::vector<type> sample_partition_types() {
  return {type_kind::date, type_kind::string};
}

/// Three files: one with all there is, one with nothing that may be missing, one deleted.
inline manifest_entries sample_entries() {
  data_files_builder builder(1, sample_partition_types(), {1000, 1001});
  for (int i = 0; i < 3; ++i) {
    data_file file;
    file.file_path = "s3://b/t/data/f\xc3\xa9" + std::to_string(i) + ".parquet";
    file.record_count = 100 + i;
    file.file_size = 70'000 + i;
    file.partition = {value(std::int32_t{20'000 + i}), value(std::string("n") + std::to_string(i))};
    if (i == 1) file.partition = {value(null_value{}), value(null_value{})};
    if (i != 1) {
      for (std::int32_t id : {1, 3}) {
        column_metrics m;
        m.field_id = id;
        m.column_size = 300 * id;
        m.value_count = 100 + i;
        m.null_value_count = i;
        m.lower_bound = "abcdefg" + std::to_string(id);
        m.upper_bound = "xyzxyzx" + std::to_string(id);
        file.metrics.push_back(std::move(m));
      }
      file.split_offsets = {4, 40'000};
      file.sort_order_id = 0;
    }
    builder.add(file);
  }
  manifest_entries entries;
  entries.files = std::move(builder).finish();
  entries.statuses = {entry_status::added, entry_status::existing, entry_status::deleted};
  entries.snapshot_ids = {99, 55, 99};
  entries.sequence_numbers = {-1, 3, 4};
  entries.file_sequence_numbers = {-1, 4, 4};
  return entries;
}

inline bytes sample_manifest(bool compress) {
  const schema table_schema = sample_schema();
  const partition_spec spec = sample_spec();
  manifest_target target;
  target.format_version = 3;
  target.table_schema = &table_schema;
  target.spec = &spec;
  target.snapshot_id = 99;
  target.compress = compress;
  return *write_manifest(sample_entries(), {0, 1, 2}, target).file;
}

}  // namespace evodb::testing
