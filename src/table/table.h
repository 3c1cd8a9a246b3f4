#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "model/table_metadata.h"
#include "runtime/task.h"
#include "table/added_paths.h"
#include "table/change.h"
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

/// A table at one version with perhaps uncommitted changes on top: an immutable value. Operations (table/operations)
/// return new values without I/O; commit makes them durable. Shared: any thread.
class table {
 public:
  /// A committed version, with what its commit came to.
  table(std::shared_ptr<table_context> context, table_version base, commit_report report = {});

  /// A table that is not there yet: `operation` makes it.
  static table of_new(std::shared_ptr<table_context> context, std::shared_ptr<const table_operation> made_by);

  /// The value after the operation, which the caller has checked against this one. Throws CONFLICT where it does not fit.
  table with(std::shared_ptr<const table_operation> done) const;
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
  table(std::shared_ptr<table_context> context, table_version base, changes uncommitted, added_paths paths,
        std::shared_ptr<const table_metadata> metadata);

  std::shared_ptr<table_context> context_;
  table_version base_;
  commit_report report_;
  changes changes_;
  added_paths paths_;  ///< of the changes
  std::shared_ptr<const table_metadata> metadata_;
};

/// The value's changes on the newest version.
task<table> refresh(table of);

}  // namespace evodb
