#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api.h"
#include "plan_iterator.h"

namespace tool {

/// The arguments of every command.
struct common_arguments {
  std::string table;
  bool as_json = false;
  std::vector<std::string> settings;  ///< --set KEY=VALUE
  std::string timeout;                ///< --timeout 30s; empty: none
  std::string idempotency_key;        ///< --idempotency-key APP:SEQUENCE; empty: none
  bool commits = false;               ///< the last step before the output is a commit
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
  /// The location of the table: a URI, or an absolute path.
  const std::string &location() const { return location_; }
  bool is_local() const;

  /// open and commit write the library's warnings to standard error.
  table_handle open() const;
  /// With the given key, if there is one.
  table_handle commit(const table_handle &value) const;
  const std::optional<idempotency_key> &key() const { return key_; }
  /// Whether the table contains what was committed under the given key. It may be readable before it is durable, so
  /// commit once more, which writes nothing, before this is reported. Throws failure.
  bool has_key(const table_handle &table) const;
  struct resolution {
    std::int32_t outcome = EVODB_RESOLUTION_UNKNOWN;
    std::int64_t version = -1, snapshot_id = -1;
  };
  resolution resolve(const table_handle &table, const std::string &token) const;
  findings_handle verify(const table_handle &table, bool data) const;
  checks_handle diagnose() const;
  checks_handle probe() const;
  /// `partition_from_path`: followed by the columns that only folders NAME=VALUE in the file's path have.
  schema_handle inspect_schema(const std::string &file, bool partition_from_path) const;
  /// `partition_from_path`: values of identity partitions whose columns the files lack are taken from the paths.
  data_files_handle inspect(const table_handle &table, const std::vector<std::string> &files,
                            bool partition_from_path) const;
  /// Copies local files into the table's folder.
  using progress_callback = std::function<void(std::int64_t done_bytes, std::int64_t total_bytes)>;
  data_files_handle upload(const table_handle &table, const std::vector<std::string> &files, bool partition_from_path,
                           const progress_callback &report) const;
  /// Deletes files of the table's storage; failures are ignored.
  void remove(const std::vector<std::string> &files) const noexcept;
  /// Not committed yet.
  table_handle cherry_pick(const table_handle &onto, std::int64_t snapshot_id, const options_handle &options) const;
  object_handle read(const std::string &file, std::int64_t offset, std::int64_t length) const;
  /// `with_deletes`: also of a snapshot with delete files, which are to be listed or do not matter.
  plan_handle plan(const table_handle &table, const std::string &filter, const point_in_time &at, std::int64_t limit,
                   bool with_deletes) const;
  file_iterator files(const plan_handle &plan) const;
  /// `branch`: empty for main.
  delete_plan_handle plan_delete(const table_handle &table, const std::string &filter, const std::string &branch) const;
  explain_iterator explain(const plan_handle &plan) const;
  /// Those of a diff, of changes or of a metadata table that was started.
  row_iterator rows(evodb_future *reading) const;

  /// How long one operation may take, in milliseconds; -1: no limit.
  std::int64_t timeout_ms() const { return timeout_ms_; }

 private:
  runtime_handle runtime_;
  storage_handle storage_;
  storage_handle local_storage_;  ///< for files that are named without a scheme
  std::string location_;
  std::int64_t timeout_ms_ = -1;
  std::optional<idempotency_key> key_;
  bool as_json_ = false;
};

/// Throws failure (status 2) when more than one point in time is given or a time does not parse.
void check_point_in_time(const point_in_time &at);
/// As options of the library.
void set_point_in_time(const options_handle &options, const point_in_time &at);
/// Parses a filter without the table. Null for an empty text.
predicate_handle parse_filter(const std::string &text);
/// The snapshot at that point; the current one without a point, or null when there is none.
snapshot_handle snapshot_at(const table_handle &table, const point_in_time &at);
/// The schema to read that point with.
schema_handle schema_at(const table_handle &table, const point_in_time &at);

/// Whether it names a local file.
bool is_local(const std::string &location);
/// "/absolute/path" for a local path, and URIs as they are.
std::string absolute_location(const std::string &text);
/// The path of a "file:" URI or of a path.
std::string local_path(const std::string &location);

}  // namespace tool
