#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/uuid.h"
#include "model/table_metadata.h"
#include "model/table_update.h"
#include "runtime/task.h"
#include "table/file_changes.h"
#include "table/idempotency.h"

namespace evodb {

class version_files;

/// When, and in whose name, an operation changes a table.
struct commit_stamp {
  std::int64_t timestamp_ms = 0;
  uuid change_id;
  std::optional<idempotency_key> key;

  commit_stamp(std::int64_t at_ms, uuid change, std::optional<idempotency_key> named = std::nullopt)
      : timestamp_ms(at_ms), change_id(change), key(std::move(named)) {}
};

/// What a caller does to a table: a file each in table/operations. All else (value, commit, group, plan) has this interface
/// alone. Immutable; any thread.
class table_operation {
 public:
  table_operation() = default;
  table_operation(const table_operation &) = delete;
  table_operation &operator=(const table_operation &) = delete;
  virtual ~table_operation() = default;

  /// What it does to `base`, at once: for the value that a caller has in hand, and again on each newer base. Throws
  /// CONFLICT where it no longer fits. A snapshot of it has no manifest list.
  virtual std::vector<table_update> preview(const table_metadata &base, const commit_stamp &stamp) const = 0;
  /// The same with all that is written for it, which is added to `files`. `base` is the version in the making, with the
  /// operations that come before in it; both must outlive the task.
  virtual task<std::vector<table_update>> produce(const table_metadata &base, commit_stamp stamp,
                                                  version_files &files) const;

  /// Whether `base` shows that it is committed. False where nothing tells.
  virtual bool is_in(const table_metadata &) const noexcept { return false; }
  /// Of the snapshot that it makes; null if it makes none.
  virtual std::optional<std::int64_t> snapshot_id() const noexcept { return std::nullopt; }
  /// For one that makes a table where there is none: its first metadata. Otherwise null.
  virtual std::shared_ptr<const table_metadata> initial_metadata() const noexcept { return nullptr; }
  /// What a plan of the uncommitted value shows; null if it changes no files.
  virtual const file_changes *files() const noexcept { return nullptr; }
  /// What its caller should hear of though nothing has failed.
  virtual std::vector<error> warnings() const { return {}; }
};

}  // namespace evodb
