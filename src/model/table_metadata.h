#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/uuid.h"
#include "model/partition_spec.h"
#include "model/schema.h"
#include "model/snapshot.h"
#include "model/snapshot_list.h"
#include "model/sort_order.h"

namespace evodb {

struct snapshot_log_entry {
  std::int64_t timestamp_ms = 0;
  std::int64_t snapshot_id = 0;
  bool operator==(const snapshot_log_entry &) const = default;
};

struct metadata_log_entry {
  std::int64_t timestamp_ms = 0;
  std::string metadata_file;
  bool operator==(const metadata_log_entry &) const = default;
};

struct blob_metadata {
  std::string type;
  std::int64_t snapshot_id = 0;
  std::int64_t sequence_number = 0;
  std::vector<std::int32_t> fields;
  string_pairs properties;
};

struct statistics_file {
  std::int64_t snapshot_id = 0;
  std::string statistics_path;
  std::int64_t file_size_in_bytes = 0;
  std::int64_t file_footer_size_in_bytes = 0;
  std::optional<std::string> key_metadata;
  std::vector<blob_metadata> blobs;
};

struct partition_statistics_file {
  std::int64_t snapshot_id = 0;
  std::string statistics_path;
  std::int64_t file_size_in_bytes = 0;
};

struct encrypted_key {
  std::string key_id;
  std::string encrypted_key_metadata;  ///< base64, untouched
  std::optional<std::string> encrypted_by_id;
  string_pairs properties;
};

/// A table at one version: the content of v<N>.metadata.json (spec, "Table Metadata"). A plain value; what is large is
/// shared, so that a copy with one more snapshot costs pointers.
struct table_metadata {
  static constexpr int newest_format_version = 3;
  static constexpr const char *main_branch = "main";

  int format_version = 2;
  uuid table_uuid;       ///< random for version 1 tables that have none
  std::string location;  ///< absolute, without a trailing slash
  std::int64_t last_sequence_number = 0;
  std::int64_t last_updated_ms = 0;
  std::int32_t last_column_id = 0;
  std::vector<std::shared_ptr<const schema>> schemas;
  std::int32_t current_schema_id = 0;
  std::vector<partition_spec> partition_specs;
  std::int32_t default_spec_id = 0;
  std::int32_t last_partition_id = partition_spec::first_field_id - 1;
  std::vector<sort_order> sort_orders;
  std::int32_t default_sort_order_id = 0;
  std::map<std::string, std::string, std::less<>> properties;
  std::optional<std::int64_t> current_snapshot_id;
  snapshot_list snapshots;  ///< by sequence number, as written
  std::vector<snapshot_log_entry> snapshot_log;
  std::vector<metadata_log_entry> metadata_log;
  std::map<std::string, snapshot_ref, std::less<>> refs;
  std::vector<statistics_file> statistics;
  std::vector<partition_statistics_file> partition_statistics;
  std::int64_t next_row_id = 0;  ///< version 3
  std::vector<encrypted_key> encryption_keys;
  /// What could not be read and planning can do without, a message each. A commit would lose it, and is refused.
  std::vector<std::string> not_understood;
  std::string commit_attempt;  ///< our own key `evodb.attempt`: which attempt wrote this body; empty in foreign bodies
  /// Our own key `evodb.waited`: through how many versions of others its writer had waited. Advice, for taking turns.
  std::int64_t commit_waited = 0;

  const std::shared_ptr<const schema> &current_schema() const;
  std::shared_ptr<const schema> find_schema(std::int32_t schema_id) const noexcept;  ///< null if none
  const partition_spec &default_spec() const;
  const partition_spec *find_spec(std::int32_t spec_id) const noexcept;
  std::shared_ptr<const snapshot> find_snapshot(std::int64_t snapshot_id) const noexcept;
  std::shared_ptr<const snapshot> current_snapshot() const noexcept;  ///< null if none
  /// The snapshot that was current at the time, by the snapshot log (inclusive). Throws NOT_FOUND when none was.
  std::shared_ptr<const snapshot> snapshot_as_of(std::int64_t timestamp_ms) const;
  /// The schema to read a snapshot with: its own, or the current one where it names none.
  std::shared_ptr<const schema> schema_of(const snapshot *s) const;
  /// The snapshot and its ancestors, the youngest first, as far as they have not expired; empty if there is no such
  /// snapshot. `visit` returns whether to go on.
  void visit_ancestors(std::int64_t snapshot_id, const std::function<bool(const snapshot &)> &visit) const;
  /// Whether the first is the second or an ancestor of it, as far as these have not expired.
  bool is_ancestor(std::int64_t ancestor_id, std::int64_t snapshot_id) const;
  const std::string *property(std::string_view key) const noexcept;
};

/// For readers. Throws CORRUPT naming the field where metadata contradicts itself in what decides which files a plan has:
/// two schemas, partition specs or snapshots of one id, a current snapshot that is not there or not refs.main …
/// UNSUPPORTED for format versions above 3 and a location that is not absolute.
void check_readable(const table_metadata &m);

/// For what is about to be written: check_readable, and CORRUPT for everything else in which metadata contradicts
/// itself: counters that are too low, refs and defaults that name nothing, logs that step back by more than a minute …
/// UNSUPPORTED where something was not understood.
void check_table_metadata(const table_metadata &m);

/// Raises counters that are below what the metadata holds (last-column-id, last-partition-id, last-sequence-number,
/// next-row-id), and adds the main branch that writers left out beside other refs.
void complete(table_metadata &m);

}  // namespace evodb
