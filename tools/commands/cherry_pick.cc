#include "commands/commands.h"
#include "rows.h"

namespace tool {

command add_cherry_pick(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto snapshot_id = std::make_shared<std::int64_t>();
  auto summary = std::make_shared<std::vector<std::string>>();
  auto branch = std::make_shared<std::string>();
  CLI::App *app =
      add_table_command(program, "cherry-pick", "Publish on a branch what another snapshot did, such as a staged one",
                        "cherry-pick ./flights 5212344857498043649", arguments);
  add_idempotency_key(*app, arguments);
  app->add_option("ID", *snapshot_id,
                  "Snapshot id (see history). A branch that is at its parent moves to it; otherwise the files of an "
                  "append are appended anew")
      ->required()
      ->check(whole_number());
  add_summary_property(*app, *summary);
  add_branch(*app, *branch);
  auto run = [=] {
    const options_handle options = new_options();
    set_summary(options, *summary);
    if (!branch->empty()) set_option(options, "snapshot.branch", *branch);
    const session library(*arguments);
    const table_handle table = library.open();
    if (library.has_key(table)) return print_as_committed_before(library, library.commit(table), arguments->as_json);
    const table_handle picked = library.cherry_pick(table, *snapshot_id, options);
    const bool is_anew = evodb_table_snapshot_count(picked.get()) > evodb_table_snapshot_count(table.get());
    const table_handle committed = library.commit(picked);
    if (library.key() && evodb_table_was_committed_before(committed.get()) != 0)
      return print_as_committed_before(library, committed, arguments->as_json);
    print_committed_snapshot(committed, is_anew ? last_snapshot_id(picked) : *snapshot_id, arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
