#include <fmt/format.h>

#include <algorithm>

#include "codec/json.h"
#include "codec/partition_spec_json.h"
#include "codec/schema_json.h"
#include "codec/snapshot_json.h"
#include "codec/table_metadata_json.h"

namespace evodb {
namespace {

template <typename Read>
void for_each(const std::optional<json_node> &list, Read read) {
  if (!list) return;
  for (std::size_t i = 0; i < list->size(); ++i) read((*list)[i]);
}

std::string_view without_trailing_slash(std::string_view location) {
  while (location.size() > 1 && location.ends_with('/') && !location.ends_with("://")) location.remove_suffix(1);
  return location;
}

/// Reads what planning can do without: where that fails, it is noted, and refuses commits.
template <typename Read>
void read_or_note(table_metadata &metadata, Read read) {
  try {
    read();
  } catch (const error &wrong) {
    metadata.not_understood.emplace_back(wrong.message());
  }
}

template <typename Number>
Number number_or(const json_node &root, std::string_view key, Number otherwise) {
  const auto found = root.find(key);
  if (!found) return otherwise;
  if constexpr (sizeof(Number) == sizeof(std::int32_t)) return found->int32();
  return found->int64();
}

/// It is advice: what is no number says nothing.
std::int64_t read_waited(const json_node &root) {
  try {
    return number_or(root, commit_waited_key, std::int64_t{0});
  } catch (const error &) {
    return 0;
  }
}

void read_schemas(const json_node &root, table_metadata &metadata) {
  if (const auto list = root.find("schemas")) {
    metadata.current_schema_id = root.member("current-schema-id").int32();
    for_each(list, [&](const json_node &node) {
      auto read = [&] { metadata.schemas.push_back(std::make_shared<const schema>(read_schema(node))); };
      const bool is_current = number_or(node, "schema-id", std::int32_t{0}) == metadata.current_schema_id;
      if (is_current) {
        read();
      } else {
        read_or_note(metadata, read);
      }
    });
  } else if (metadata.format_version == 1) {
    metadata.schemas.push_back(std::make_shared<const schema>(read_schema(root.member("schema"))));
    metadata.current_schema_id = metadata.schemas.back()->schema_id();
  } else {
    root.refuse("lacks schemas");
  }
}

void read_specs(const json_node &root, table_metadata &metadata) {
  if (const auto list = root.find("partition-specs")) {
    for_each(list, [&](const json_node &node) { metadata.partition_specs.push_back(read_partition_spec(node)); });
    metadata.default_spec_id = root.member("default-spec-id").int32();
  } else if (metadata.format_version == 1) {
    partition_spec only;
    only.fields = read_partition_fields(root.member("partition-spec"));
    metadata.partition_specs.push_back(std::move(only));
  } else {
    root.refuse("lacks partition-specs");
  }
  metadata.last_partition_id = number_or(root, "last-partition-id", metadata.last_partition_id);
}

void read_sort_orders(const json_node &root, table_metadata &metadata) {
  if (const auto list = root.find("sort-orders")) {
    for_each(list, [&](const json_node &node) {
      read_or_note(metadata, [&] { metadata.sort_orders.push_back(read_sort_order(node)); });
    });
    metadata.default_sort_order_id = number_or(root, "default-sort-order-id", std::int32_t{0});
  } else {
    metadata.sort_orders.emplace_back();
  }
}

void read_snapshots(const json_node &root, table_metadata &metadata) {
  std::vector<std::shared_ptr<const snapshot>> snapshots;
  for_each(root.find("snapshots"), [&](const json_node &node) {
    snapshots.push_back(std::make_shared<const snapshot>(read_snapshot(node, metadata.format_version)));
  });
  metadata.snapshots = snapshot_list(std::move(snapshots));
  // Java writes -1 for none in versions 1 and 2.
  if (const auto current = root.find("current-snapshot-id"); current && current->int64() != -1) {
    metadata.current_snapshot_id = current->int64();
  }
  if (const auto refs = root.find("refs")) {
    refs->for_each_member([&](std::string_view name, const json_node &node) {
      read_or_note(metadata, [&] {
        snapshot_ref &ref = metadata.refs.emplace(name, read_ref(node)).first->second;
        read_retention(node, ref);
      });
    });
  }
}

void read_logs(const json_node &root, table_metadata &metadata) {
  for_each(root.find("snapshot-log"), [&](const json_node &node) {
    metadata.snapshot_log.push_back({node.member("timestamp-ms").int64(), node.member("snapshot-id").int64()});
  });
  for_each(root.find("metadata-log"), [&](const json_node &node) {
    read_or_note(metadata, [&] {
      metadata.metadata_log.push_back(
          {node.member("timestamp-ms").int64(), std::string(node.member("metadata-file").text())});
    });
  });
}

statistics_file read_statistics_file(const json_node &node) {
  statistics_file file;
  file.snapshot_id = node.member("snapshot-id").int64();
  file.statistics_path = node.member("statistics-path").text();
  file.file_size_in_bytes = node.member("file-size-in-bytes").int64();
  file.file_footer_size_in_bytes = node.member("file-footer-size-in-bytes").int64();
  if (const auto key = node.find("key-metadata")) file.key_metadata = key->text();
  for_each(node.member("blob-metadata"), [&](const json_node &at) {
    blob_metadata blob;
    blob.type = at.member("type").text();
    blob.snapshot_id = at.member("snapshot-id").int64();
    blob.sequence_number = at.member("sequence-number").int64();
    for_each(at.member("fields"), [&](const json_node &id) { blob.fields.push_back(id.int32()); });
    if (const auto properties = at.find("properties")) blob.properties = read_string_pairs(*properties);
    file.blobs.push_back(std::move(blob));
  });
  return file;
}

partition_statistics_file read_partition_statistics_file(const json_node &node) {
  partition_statistics_file file;
  file.snapshot_id = node.member("snapshot-id").int64();
  file.statistics_path = node.member("statistics-path").text();
  file.file_size_in_bytes = node.member("file-size-in-bytes").int64();
  return file;
}

void read_statistics(const json_node &root, table_metadata &metadata) {
  for_each(root.find("statistics"), [&](const json_node &node) {
    read_or_note(metadata, [&] { metadata.statistics.push_back(read_statistics_file(node)); });
  });
  for_each(root.find("partition-statistics"), [&](const json_node &node) {
    read_or_note(metadata, [&] { metadata.partition_statistics.push_back(read_partition_statistics_file(node)); });
  });
}

void read_encryption_keys(const json_node &root, table_metadata &metadata) {
  for_each(root.find("encryption-keys"), [&](const json_node &node) {
    encrypted_key key;
    key.key_id = node.member("key-id").text();
    key.encrypted_key_metadata = node.member("encrypted-key-metadata").text();
    if (const auto by = node.find("encrypted-by-id")) key.encrypted_by_id = by->text();
    if (const auto properties = node.find("properties")) key.properties = read_string_pairs(*properties);
    metadata.encryption_keys.push_back(std::move(key));
  });
}

}  // namespace

table_metadata read_table_metadata(byte_view text, std::string_view subject) {
  const json_document document(text, subject);
  const json_node root = document.root();
  table_metadata metadata;
  metadata.format_version = root.member("format-version").int32();
  if (metadata.format_version > table_metadata::newest_format_version) {
    fail(status::UNSUPPORTED,
         fmt::format("format version {}, and this library supports versions up to {}", metadata.format_version,
                     table_metadata::newest_format_version),
         std::string(subject));
  }
  if (metadata.format_version < 1) root.member("format-version").refuse("expected 1, 2 or 3");
  const bool is_v1 = metadata.format_version == 1;
  if (const auto id = is_v1 ? root.find("table-uuid") : root.member("table-uuid")) {
    const std::string_view written = id->text();
    metadata.table_uuid = id->checked([&] { return uuid::parse(written); });
  }
  metadata.location = without_trailing_slash(root.member("location").text());
  if (!is_v1) metadata.last_sequence_number = number_or(root, "last-sequence-number", std::int64_t{0});
  metadata.last_updated_ms = root.member("last-updated-ms").int64();
  metadata.last_column_id = number_or(root, "last-column-id", std::int32_t{0});
  read_schemas(root, metadata);
  read_specs(root, metadata);
  read_sort_orders(root, metadata);
  if (const auto properties = root.find("properties")) {
    for (auto &[key, value] : read_string_pairs(*properties))
      metadata.properties.emplace(std::move(key), std::move(value));
  }
  read_snapshots(root, metadata);
  read_logs(root, metadata);
  read_statistics(root, metadata);
  if (metadata.format_version >= 3) metadata.next_row_id = number_or(root, "next-row-id", std::int64_t{0});
  read_encryption_keys(root, metadata);
  if (const auto attempt = root.find(commit_attempt_key)) metadata.commit_attempt = attempt->text();
  metadata.commit_waited = read_waited(root);
  complete(metadata);
  try {
    check_readable(metadata);
  } catch (const error &wrong) {
    if (wrong.code() != status::CORRUPT) throw;
    root.refuse(wrong.message());
  }
  return metadata;
}

}  // namespace evodb
