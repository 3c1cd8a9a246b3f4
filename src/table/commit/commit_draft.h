#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "io/read_time.h"
#include "runtime/task.h"
#include "table/commit/commit_call.h"
#include "table/manifests/version_files.h"
#include "table/table_context.h"

namespace evodb {

/// The next version in the making: the changes of some members on a base, as updates, and the files that they refer to.
class commit_draft {
 public:
  commit_draft(std::shared_ptr<table_context> context, const table_version &base,
               std::shared_ptr<manifest_merge> merge);

  /// Adds a member's changes. After a failure the draft is of no more use: the member has to go, and another is made.
  task<> add(std::shared_ptr<commit_call> member);
  /// Whether another member with the same key is in the draft, which must be committed first.
  bool has_key_of(const commit_call &member) const;
  /// Expires snapshots, and puts the updates in their final form.
  void finish();
  /// Writes the files that the updates refer to. Throws what the store fails with.
  task<> write_files() { return files_.write(begun_.ms()); }
  /// False where the store has shown since that the clock was ahead: what is dated by it, or has expired by it, is wrong
  /// (docs/commit.md, rule 4).
  bool is_dated_well() const { return begun_.ms() == begun_ms_; }

  const std::vector<table_update> &updates() const noexcept { return updates_; }
  /// What must be so of the base for the updates to be right.
  std::vector<table_requirement> requirements() const;
  const changes &held() const noexcept { return held_; }
  /// The key of a member that has the change; null where none has one.
  std::optional<idempotency_key> key_of(const change &held) const;
  /// Before any of its files was made.
  std::int64_t begun_ms() const { return begun_.ms(); }
  std::int64_t timestamp_ms() const noexcept { return timestamp_ms_; }
  std::int64_t expired_snapshots() const noexcept { return expired_snapshots_; }
  version_files &files() noexcept { return files_; }
  const version_files &files() const noexcept { return files_; }

 private:
  task<> add_change(std::shared_ptr<change> added, std::optional<idempotency_key> key);
  bool holds(const std::shared_ptr<change> &one) const { return is_held_.contains(one.get()); }
  void apply_update(table_update update);

  std::shared_ptr<table_context> context_;
  std::shared_ptr<const table_metadata> base_;
  table_metadata working_;
  std::vector<table_update> updates_;
  changes held_;
  std::unordered_set<const change *> is_held_;
  std::set<std::string> keys_;  ///< as property=sequence
  std::map<const change *, idempotency_key> key_of_;
  read_time begun_;
  std::int64_t begun_ms_;
  bool is_creating_;
  bool has_snapshot_ = false;
  std::int64_t timestamp_ms_;
  std::int64_t expired_snapshots_ = 0;
  version_files files_;
};

}  // namespace evodb
