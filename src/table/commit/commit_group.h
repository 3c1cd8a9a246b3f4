#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/task.h"
#include "table/commit/commit_draft.h"
#include "table/commit_queue.h"
#include "table/table.h"
#include "table/table_context.h"

namespace evodb {

/// Commits several members as one version, under the table's line. What one of them fails with is its own; the others
/// go on without it.
class commit_group {
 public:
  /// `leader` is the member whose call runs the group.
  commit_group(std::shared_ptr<table_context> context, commit_queue::member leader,
               std::vector<commit_queue::member> members);

  /// Afterwards the leader is done, or its key is that of another member which is. Heeds the cancellation of the
  /// leader's call.
  task<> run();

 private:
  task<> settle_unresolved();
  task<std::optional<commit_draft>> build_while_asking(table_version &base);
  task<> finish_already_committed(table_version base);
  task<std::optional<commit_draft>> build(table_version base);
  task<> write_files(commit_draft &draft);
  task<std::optional<commit_answer>> send(commit_draft &draft, const table_version &base);
  void apply_answer(const commit_answer &answer, const std::string &attempt_id, bool is_leader_cancelled);
  void finish_committed(const commit_answer &landed, std::int64_t expired_snapshots);
  task<bool> rebase_after_loss(const commit_answer &answer);
  bool release_members();
  void discard(const commit_draft &draft);
  void discard_unused_merge();
  task<> remove_discarded();

  void finish_settled(const commit_answer &landed);
  void finish_unknown(const std::string &attempt_id, const error &reason);
  void leave_done();

  const std::shared_ptr<table_context> context_;
  runtime &environment_;
  const commit_queue::member leader_;
  std::vector<commit_queue::member> members_;  ///< those that are not done
  std::vector<std::string> discarded_;         ///< keys of files that no version refers to
  const std::shared_ptr<manifest_merge> merge_ = std::make_shared<manifest_merge>();
  bool has_merge_in_flight_ = false;  ///< in a body that is committed, or may still be
};

}  // namespace evodb
