#include "codec/json_writer.h"
#include "codec/partition_spec_json.h"
#include "codec/schema_json.h"
#include "codec/snapshot_json.h"
#include "codec/table_metadata_json.h"

namespace evodb {
namespace {

/// A commit writes all snapshots anew. So many of the newest keep their JSON, as much again as they take themselves.
constexpr std::size_t most_kept_snapshots = 1000;

/// Writes the members of the one big object.
class metadata_writer {
 public:
  metadata_writer(const table_metadata &metadata, bytes &out) : metadata_(metadata), out_(out), to_(out) {}

  void write() {
    to_.begin_object();
    integer("format-version", metadata_.format_version);
    if (metadata_.format_version >= 2 || metadata_.table_uuid != uuid())
      text("table-uuid", metadata_.table_uuid.to_text());
    text("location", metadata_.location);
    if (metadata_.format_version >= 2) integer("last-sequence-number", metadata_.last_sequence_number);
    integer("last-updated-ms", metadata_.last_updated_ms);
    integer("last-column-id", metadata_.last_column_id);
    write_schemas();
    write_specs();
    integer("default-sort-order-id", metadata_.default_sort_order_id);
    list("sort-orders", metadata_.sort_orders, [this](const sort_order &order) { write_sort_order(to_, order); });
    to_.key("properties");
    to_.begin_object();
    for (const auto &[key, value] : metadata_.properties) text(key, value);
    to_.end_object();
    write_snapshots();
    write_statistics();
    if (metadata_.format_version >= 3) integer("next-row-id", metadata_.next_row_id);
    write_encryption_keys();
    if (!metadata_.commit_attempt.empty()) text(commit_attempt_key, metadata_.commit_attempt);
    if (metadata_.commit_waited != 0) integer(commit_waited_key, metadata_.commit_waited);
    to_.end_object();
  }

 private:
  void integer(std::string_view key, std::int64_t number) {
    to_.key(key);
    to_.integer(number);
  }
  void text(std::string_view key, std::string_view value) {
    to_.key(key);
    to_.text(value);
  }
  template <typename List, typename Write>
  void list(std::string_view key, const List &elements, Write write) {
    to_.key(key);
    to_.begin_array();
    for (const auto &element : elements) write(element);
    to_.end_array();
  }

  void write_schemas() {
    if (metadata_.format_version == 1) {
      to_.key("schema");
      write_schema(to_, *metadata_.current_schema());
    }
    integer("current-schema-id", metadata_.current_schema_id);
    list("schemas", metadata_.schemas, [this](const auto &s) { write_schema(to_, *s); });
  }

  void write_specs() {
    const partition_spec *of_version_1 =
        metadata_.format_version == 1 ? metadata_.find_spec(metadata_.default_spec_id) : nullptr;
    if (of_version_1 != nullptr) {  // readers can do without the default
      to_.key("partition-spec");
      write_partition_fields(to_, *of_version_1);
    }
    integer("default-spec-id", metadata_.default_spec_id);
    list("partition-specs", metadata_.partition_specs,
         [this](const partition_spec &spec) { write_partition_spec(to_, spec); });
    integer("last-partition-id", metadata_.last_partition_id);
  }

  void write_snapshots() {
    // Readers of versions 1 and 2 know -1 for none, as Java wrote it.
    if (metadata_.current_snapshot_id) {
      integer("current-snapshot-id", *metadata_.current_snapshot_id);
    } else if (metadata_.format_version < 3) {
      integer("current-snapshot-id", -1);
    }
    to_.key("refs");
    write_refs(to_, metadata_.refs);
    std::size_t left = metadata_.snapshots.size();
    list("snapshots", metadata_.snapshots, [&](const auto &s) {
      const bool is_kept = left-- <= most_kept_snapshots && metadata_.format_version >= 2;
      if (is_kept) return write_kept(*s);
      write_snapshot(to_, *s, metadata_.format_version);
    });
    list("snapshot-log", metadata_.snapshot_log, [this](const snapshot_log_entry &entry) {
      to_.begin_object();
      integer("timestamp-ms", entry.timestamp_ms);
      integer("snapshot-id", entry.snapshot_id);
      to_.end_object();
    });
    list("metadata-log", metadata_.metadata_log, [this](const metadata_log_entry &entry) {
      to_.begin_object();
      integer("timestamp-ms", entry.timestamp_ms);
      text("metadata-file", entry.metadata_file);
      to_.end_object();
    });
  }

  void write_kept(const snapshot &s) {
    if (const bytes *json = s.json.find()) return to_.raw(*json);
    const std::size_t begin = out_.size();
    write_snapshot(to_, s, metadata_.format_version);
    std::string_view written = std::string_view(out_).substr(begin);
    if (written.front() == ',') written.remove_prefix(1);
    s.json.keep(bytes(written));
  }

  void write_statistics() {
    list("statistics", metadata_.statistics, [this](const statistics_file &file) {
      to_.begin_object();
      integer("snapshot-id", file.snapshot_id);
      text("statistics-path", file.statistics_path);
      integer("file-size-in-bytes", file.file_size_in_bytes);
      integer("file-footer-size-in-bytes", file.file_footer_size_in_bytes);
      if (file.key_metadata) text("key-metadata", *file.key_metadata);
      list("blob-metadata", file.blobs, [this](const blob_metadata &blob) {
        to_.begin_object();
        text("type", blob.type);
        integer("snapshot-id", blob.snapshot_id);
        integer("sequence-number", blob.sequence_number);
        list("fields", blob.fields, [this](std::int32_t id) { to_.integer(id); });
        if (!blob.properties.empty()) {
          to_.key("properties");
          write_string_pairs(to_, blob.properties);
        }
        to_.end_object();
      });
      to_.end_object();
    });
    list("partition-statistics", metadata_.partition_statistics, [this](const partition_statistics_file &file) {
      to_.begin_object();
      integer("snapshot-id", file.snapshot_id);
      text("statistics-path", file.statistics_path);
      integer("file-size-in-bytes", file.file_size_in_bytes);
      to_.end_object();
    });
  }

  void write_encryption_keys() {
    if (metadata_.encryption_keys.empty()) return;
    list("encryption-keys", metadata_.encryption_keys, [this](const encrypted_key &key) {
      to_.begin_object();
      text("key-id", key.key_id);
      text("encrypted-key-metadata", key.encrypted_key_metadata);
      if (key.encrypted_by_id) text("encrypted-by-id", *key.encrypted_by_id);
      if (!key.properties.empty()) {
        to_.key("properties");
        write_string_pairs(to_, key.properties);
      }
      to_.end_object();
    });
  }

  const table_metadata &metadata_;
  bytes &out_;
  json_writer to_;
};

}  // namespace

bytes write_table_metadata(const table_metadata &metadata) {
  bytes out;
  constexpr std::size_t bytes_a_snapshot = 700;
  out.reserve(4096 + metadata.snapshots.size() * bytes_a_snapshot);
  metadata_writer(metadata, out).write();
  return out;
}

}  // namespace evodb
