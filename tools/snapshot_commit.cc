#include "snapshot_commit.h"

#include "commands/commands.h"
#include "rows.h"

namespace tool {

void add_snapshot_arguments(CLI::App &app, snapshot_arguments &given) {
  add_summary_property(app, given.summary);
  add_branch(app, given.branch);
}

void add_isolation(CLI::App &app, snapshot_arguments &given) {
  app.add_option("--isolation", given.isolation,
                 "serializable (default): files that others add meanwhile, and that may match, are a CONFLICT; "
                 "snapshot: they are not")
      ->check(CLI::IsMember({"serializable", "snapshot"}));
}

void add_staged(CLI::App &app, snapshot_arguments &given) {
  app.add_flag("--staged", given.is_staged,
               "Make the snapshot without moving the branch, to look at it (files --snapshot ID) and publish it later "
               "(cherry-pick); no branch keeps it from expiring, an hour later or more");
}

options_handle snapshot_options(const snapshot_arguments &given) {
  options_handle options = new_options();
  set_summary(options, given.summary);
  if (!given.branch.empty()) set_option(options, "snapshot.branch", given.branch);
  if (!given.isolation.empty()) set_option(options, "snapshot.isolation", given.isolation);
  set_option(options, "snapshot.staged", given.is_staged);
  return options;
}

void commit_and_print(const session &library, const table_handle &value, added_files *added, bool as_json) {
  table_handle committed;
  try {
    committed = library.commit(value);
  } catch (const failure &why) {
    if (added != nullptr && why.code == EVODB_COMMIT_STATE_UNKNOWN) added->keep();
    throw;
  }
  if (evodb_table_was_committed_before(committed.get()) != 0)
    return print_as_committed_before(library, committed, as_json);
  if (added != nullptr) added->keep();
  print_committed_snapshot(committed, last_snapshot_id(value), as_json);
}

}  // namespace tool
