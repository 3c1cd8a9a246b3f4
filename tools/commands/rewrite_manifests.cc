#include "commands/commands.h"
#include "rows.h"
#include "snapshot_commit.h"

namespace tool {

command add_rewrite_manifests(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto given = std::make_shared<snapshot_arguments>();
  CLI::App *app = add_table_command(program, "rewrite-manifests",
                                    "Rewrite the manifests, so that few have to be read for a partition",
                                    "rewrite-manifests ./flights", arguments);
  add_idempotency_key(*app, arguments);
  add_snapshot_arguments(*app, *given);
  auto run = [arguments, given] {
    const options_handle options = snapshot_options(*given);
    const session library(*arguments);
    const table_handle table = library.open();
    if (library.has_key(table)) return print_as_committed_before(library, library.commit(table), arguments->as_json);
    const auto value = make<table_handle>([&](auto **out, auto **error) {
      return evodb_table_rewrite_manifests(table.get(), options.get(), out, error);
    });
    commit_and_print(library, value, nullptr, arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
