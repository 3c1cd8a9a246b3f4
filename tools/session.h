#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api.h"
#include "plan_walk.h"

namespace tool {

/// What every command takes.
struct common_arguments {
  std::string table;
  bool as_json = false;
  std::vector<std::string> settings;  ///< --set KEY=VALUE
  std::string timeout;                ///< --timeout 30s; empty: none
  std::string idempotency_key;        ///< --idempotency-key APP:SEQUENCE; empty: none
  bool commits = false;               ///< the command's last step but its answer is a commit
};

/// The caller's own name for what a command commits.
struct idempotency_key {
  std::string application;
  std::int64_t sequence = 0;
};

/// --snapshot ID, --as-of TIME, --ref NAME.
struct point_in_time {
  std::optional<std::int64_t> snapshot;
  std::string as_of;
  std::string ref;
  bool is_given() const { return snapshot || !as_of.empty() || !ref.empty(); }
};

/// Splits at the first '='. Throws failure naming the option.
std::pair<std::string, std::string> split_pair(const std::string &text, const char *option,
                                               const char *form = "KEY=VALUE");

/// The library set up for one command on one table.
class session {
 public:
  explicit session(const common_arguments &arguments);

  evodb_storage *storage() const { return storage_.get(); }
  /// The table as the library takes it: a URI, or an absolute path.
  const std::string &location() const { return location_; }
  bool is_local() const;

  /// These say on standard error what the library warns of.
  table_handle open() const;
  /// With the key that was given, if one was.
  table_handle commit(const table_handle &value) const;
  const std::optional<idempotency_key> &key() const { return key_; }
  /// Whether the table has what was committed under the key that was given. It may be seen before it is durable, so it is
  /// told only after another commit, which has nothing to write. Throws failure.
  bool has_key(const table_handle &table) const;
  struct resolution {
    std::int32_t outcome = EVODB_RESOLUTION_UNKNOWN;
    std::int64_t version = -1, snapshot_id = -1;
  };
  resolution resolve(const table_handle &table, const std::string &token) const;
  findings_handle verify(const table_handle &table, bool data) const;
  checks_handle diagnose() const;
  checks_handle probe() const;
  /// `partition_from_path`: with the columns, last, that only folders NAME=VALUE in the file's path have values of.
  schema_handle inspect_schema(const std::string &file, bool partition_from_path) const;
  /// `partition_from_path`: what a table's identity partitions have of columns that the files lack is in their paths.
  data_files_handle inspect(const table_handle &table, const std::vector<std::string> &files,
                            bool partition_from_path) const;
  /// Copies files of this machine into the table's folder.
  using progress_listener = std::function<void(std::int64_t done_bytes, std::int64_t total_bytes)>;
  data_files_handle upload(const table_handle &table, const std::vector<std::string> &files, bool partition_from_path,
                           const progress_listener &tell) const;
  /// Deletes files of the table's storage, as far as that goes; throws nothing.
  void remove(const std::vector<std::string> &files) const noexcept;
  object_handle read(const std::string &file, std::int64_t offset, std::int64_t length) const;
  plan_handle plan(const table_handle &table, const std::string &filter, const point_in_time &at,
                   std::int64_t limit) const;
  file_walk files(const plan_handle &plan) const;
  explain_walk explain(const plan_handle &plan) const;

  /// How long one operation may take, in milliseconds; -1: for ever.
  std::int64_t timeout_ms() const { return timeout_ms_; }

 private:
  runtime_handle runtime_;
  storage_handle storage_;
  storage_handle this_machine_;  ///< the storage of files that are named without a scheme
  std::string location_;
  std::int64_t timeout_ms_ = -1;
  std::optional<idempotency_key> key_;
  bool as_json_ = false;
};

/// Throws failure (status 2) when more than one point in time is given or a time does not parse.
void check_point_in_time(const point_in_time &at);
/// Parses a filter without asking the table. Null for an empty text.
predicate_handle parse_filter(const std::string &text);
/// The snapshot at that point; the current one without a point. Null when the table has none yet.
snapshot_handle snapshot_at(const table_handle &table, const point_in_time &at);
/// The schema to read that point with.
schema_handle schema_at(const table_handle &table, const point_in_time &at);

/// Whether it names a file of this machine.
bool is_local(const std::string &location);
/// "/absolute/path" for a local path, and URIs as they are.
std::string absolute_location(const std::string &text);
/// The path of a file: location, and of a path.
std::string local_path(const std::string &location);

}  // namespace tool
