#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/manifest_file.h"
#include "model/snapshot.h"
#include "table/snapshots/added_manifests.h"
#include "table/snapshots/branch_history.h"
#include "table/snapshots/snapshot_summary.h"
#include "table/table_context.h"
#include "table/table_operation.h"

namespace evodb {

/// An operation that changes the files of a branch by one snapshot, or stages that. What they share is here, from the check that files fit
/// to the manifest list: an operation says in plain values what it adds and removes, and what contradicts it.
class snapshot_operation : public table_operation {
 public:
  /// Throws INVALID_ARGUMENT where the files were made for another table than `of`, or in a partition spec that it does not
  /// have, where the branch is a tag, or where the summary has what is not the caller's; UNSUPPORTED for tables of format version 1.
  snapshot_operation(const table &of, file_changes changes, snapshot_plan plan, conflict_rules rules = {});
  /// The same for a caller that has seen the branch earlier than `of`.
  snapshot_operation(const table &of, file_changes changes, snapshot_plan plan, conflict_rules rules, seen_branch seen);

  std::vector<table_update> preview(const table_metadata &base, const commit_stamp &stamp) const final;
  task<std::vector<table_update>> produce(const table_metadata &base, commit_stamp stamp,
                                          version_files &files) const final;
  bool is_in(const table_metadata &base) const noexcept final;
  std::optional<std::int64_t> snapshot_id() const noexcept final { return plan_.snapshot_id; }
  const file_changes *files() const noexcept final { return &changes_; }
  std::vector<error> warnings() const final;

 protected:
  /// Throws what stands against the operation on this base beyond the rules. `present`: the manifests of the branch.
  virtual task<> validate(const table_metadata &base, std::shared_ptr<const std::vector<manifest_file>> present,
                          table_context &context) const;
  /// The same of what it adds and removes there.
  virtual void check_totals(const file_totals &added, const file_totals &removed) const;
  /// The manifests of the branch that become part of the snapshot, where it removes no files; `head`: what the branch is at.
  virtual task<std::shared_ptr<const std::vector<manifest_file>>> manifests_to_keep(
      std::shared_ptr<const snapshot> head, const table_metadata &base, version_files &files) const;

 private:
  std::vector<table_update> updates(const table_metadata &base, std::shared_ptr<const snapshot> made) const;
  void check_fit(const table_metadata &base) const;

  const file_changes changes_;
  const snapshot_plan plan_;
  const conflict_rules rules_;
  const seen_branch seen_;
  const std::shared_ptr<const schema> made_with_;  ///< by whose names filters are meant
  const added_manifests data_manifests_;
  const added_manifests delete_manifests_;
};

/// An id that JavaScript and jq do not destroy, and that no snapshot of the table has.
std::int64_t new_snapshot_id(runtime &environment, const table_metadata &in);

}  // namespace evodb
