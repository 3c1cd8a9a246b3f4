#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "capi/result.h"
#include "evodb_lakehouse.h"
#include "expression/predicate.h"
#include "io/memory_stores.h"
#include "io/r2/refreshed_credentials.h"
#include "io/transfer_progress.h"
#include "model/data_files.h"
#include "model/partition_spec.h"
#include "model/schema.h"
#include "runtime/operation.h"
#include "table/files/partition_rows.h"
#include "table/open_tables.h"
#include "table/operations/schema_changes.h"
#include "table/operations/schema_comparison.h"
#include "table/scan/plan.h"
#include "table/table.h"

/// The handles of the C boundary: what the opaque types of the public header are. Strings given out are kept in the
/// handle.

struct evodb_error {
  evodb::error what;
};

struct evodb_credentials {
  evodb::r2::expiring_credentials value;
};

struct evodb_options {
  std::map<std::string, std::variant<std::string, std::int64_t, bool>, std::less<>> values;
  std::function<evodb_credentials *()> credentials;    ///< null: none were set
  std::function<void(const evodb::event &)> on_event;  ///< null: none was set
  evodb::log_level highest_log_level = evodb::log_level::none;
};

struct evodb_event {
  const evodb::event &told;
};

struct evodb_runtime {
  std::shared_ptr<evodb::runtime> environment;
  evodb::memory_stores in_memory = {};
};

struct evodb_future {
  std::shared_ptr<evodb::runtime> environment;
  std::shared_ptr<evodb::operation> operation;
  evodb::capi::result::kind kind;
  std::shared_ptr<const evodb::transfer_progress> progress = {};  ///< null: it has none
};

struct evodb_storage {
  std::shared_ptr<evodb::open_tables> tables;
  std::string location;
};

struct evodb_object {
  std::shared_ptr<const evodb::object> read;
};

struct evodb_listing {
  std::shared_ptr<const evodb::capi::listed_objects> all;
};

struct evodb_schema {
  std::shared_ptr<const evodb::schema> columns;
  std::string json;
  /// Type texts that were given out, by field id.
  std::mutex state;
  std::map<std::int32_t, std::string> type_texts;
};

struct evodb_schema_builder {
  std::vector<evodb::field> fields;
  std::unordered_set<std::string> names;
};

struct evodb_schema_comparison {
  std::vector<evodb::schema_difference> differences;
};

struct evodb_schema_changes {
  evodb::schema_changes steps;
};

struct evodb_partition_spec {
  std::shared_ptr<const evodb::schema> columns;  ///< that the fields' sources are of
  evodb::partition_spec spec;
  std::string json;
};

struct evodb_partition {
  evodb::row_partition value;
};

struct evodb_partition_spec_builder {
  std::shared_ptr<const evodb::schema> columns;
  evodb::partition_spec spec;
};

struct evodb_table {
  explicit evodb_table(evodb::table of);
  evodb::table value;
  std::string location;
  std::string uuid;
  std::vector<evodb::error> warnings;
  std::once_flag json_once;
  std::string json;
  /// By the snapshots' places, whether they are the current one or ancestors of it; made when one is first asked for.
  std::once_flag ancestors_once;
  std::vector<bool> are_ancestors;
};

struct evodb_snapshot {
  std::shared_ptr<const evodb::snapshot> value;
};

struct evodb_data_files {
  explicit evodb_data_files(std::shared_ptr<const evodb::table_files> of) : files(std::move(of)) {}
  std::shared_ptr<const evodb::table_files> files;
  /// NUL-terminated copies, made when the first path is asked for.
  std::once_flag paths_once;
  std::vector<std::string> paths;
};

struct evodb_findings {
  std::shared_ptr<const std::vector<evodb::finding>> all;
};

struct evodb_checks {
  std::shared_ptr<const evodb::health_checks> all;
};

struct evodb_predicate {
  evodb::predicate_ptr value;
};

struct evodb_plan {
  std::shared_ptr<const evodb::plan> value;
};

namespace evodb::capi {

evodb_schema *new_schema_handle(std::shared_ptr<const schema> columns);
evodb_partition_spec *new_partition_spec_handle(std::shared_ptr<const schema> columns, partition_spec spec);
/// The runtime behind a handle that may be NULL.
std::shared_ptr<runtime> environment_of(const evodb_table *table) noexcept;
std::shared_ptr<runtime> environment_of(const evodb_storage *storage) noexcept;

}  // namespace evodb::capi
