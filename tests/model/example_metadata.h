#pragma once

#include <memory>
#include <string>

#include "model/table_metadata.h"

/// Small tables for the tests of metadata: one column, an unpartitioned spec, no snapshot.
namespace example {

inline std::shared_ptr<const evodb::schema> schema_of(std::int32_t schema_id, int columns = 1) {
  std::vector<evodb::field> fields;
  for (int i = 1; i <= columns; ++i) {
    evodb::field f;
    f.id = i;
    f.name = "c" + std::to_string(i);
    f.type = evodb::type_kind::int64;
    fields.push_back(f);
  }
  return std::make_shared<const evodb::schema>(schema_id, fields);
}

inline std::shared_ptr<evodb::snapshot> snapshot_of(std::int64_t id, std::int64_t sequence_number,
                                                    std::int64_t timestamp_ms) {
  auto s = std::make_shared<evodb::snapshot>();
  s->snapshot_id = id;
  s->sequence_number = sequence_number;
  s->timestamp_ms = timestamp_ms;
  s->manifest_list = "s3://bucket/t/metadata/snap-" + std::to_string(id) + ".avro";
  s->summary = {{"operation", "append"}};
  return s;
}

inline evodb::snapshot_ref branch_at(std::int64_t snapshot_id) {
  evodb::snapshot_ref ref;
  ref.snapshot_id = snapshot_id;
  return ref;
}

inline evodb::snapshot_ref tag_at(std::int64_t snapshot_id) {
  evodb::snapshot_ref ref = branch_at(snapshot_id);
  ref.is_branch = false;
  return ref;
}

inline evodb::table_metadata empty_table(int format_version = 2) {
  evodb::table_metadata m;
  m.format_version = format_version;
  m.location = "s3://bucket/t";
  m.last_updated_ms = 1000;
  m.schemas = {schema_of(0)};
  m.last_column_id = 1;
  m.partition_specs = {evodb::partition_spec{}};
  m.sort_orders = {evodb::sort_order{}};
  return m;
}

}  // namespace example
