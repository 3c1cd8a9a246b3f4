#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "model/partition_spec.h"
#include "model/schema.h"
#include "model/table_metadata.h"
#include "runtime/task.h"
#include "table/change.h"
#include "table/snapshots/appended_paths.h"
#include "table/table_context.h"

namespace evodb {

/// What the commit that gave a value did.
struct commit_report {
  bool already_committed = false;  ///< its changes were in the table already, and it wrote nothing
  std::int64_t expired_snapshots = 0;
  std::vector<error> warnings;

  commit_report() = default;
  commit_report(bool was_there_already, std::int64_t expired, std::vector<error> warned = {})
      : already_committed(was_there_already), expired_snapshots(expired), warnings(std::move(warned)) {}
};

/// A table at one version with perhaps uncommitted changes on top: an immutable value. Operations return new values
/// without I/O; commit makes them durable. Shared: any thread.
class table {
 public:
  /// A committed version, with what its commit came to.
  table(std::shared_ptr<table_context> context, table_version base, commit_report report = {});

  /// A table that is not there yet. `location` is absolute. Throws INVALID_ARGUMENT.
  static table create(std::shared_ptr<table_context> context, const schema &columns, const partition_spec &spec,
                      int format_version, const string_pairs &properties);

  /// `check_duplicates`: the commit refuses files that the table has by then.
  table append(std::shared_ptr<const table_files> files, string_pairs summary, bool check_duplicates = false) const;
  table evolve(schema_changes steps) const;
  table set_properties(string_pairs set, std::vector<std::string> removed) const;
  table roll_back(std::int64_t snapshot_id) const;
  /// This value's changes on a newer version of the table; those that it already holds are dropped.
  table rebased_on(table_version base) const;

  const std::shared_ptr<table_context> &context() const noexcept { return context_; }
  const table_version &base() const noexcept { return base_; }
  const changes &uncommitted() const noexcept { return changes_; }
  const commit_report &report() const noexcept { return report_; }
  /// The base's metadata with the changes.
  const std::shared_ptr<const table_metadata> &metadata() const noexcept { return metadata_; }
  /// What its caller should know though nothing has failed: of what gave this value, and of its uncommitted changes.
  std::vector<error> warnings() const;

 private:
  table(std::shared_ptr<table_context> context, table_version base, changes uncommitted, appended_paths paths,
        std::shared_ptr<const table_metadata> metadata);
  table with(change_body body) const;

  std::shared_ptr<table_context> context_;
  table_version base_;
  commit_report report_;
  changes changes_;
  appended_paths paths_;  ///< of the changes
  std::shared_ptr<const table_metadata> metadata_;
};

/// Opens the newest version of a table, or one metadata file, by the name that is given; see open_tables::open.
task<table> open_table(std::shared_ptr<table_context> context);
task<table> refresh(table of);

}  // namespace evodb
