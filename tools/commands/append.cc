#include "added_files.h"
#include "commands/commands.h"
#include "duplicate_check.h"
#include "rows.h"
#include "snapshot_commit.h"

namespace tool {
namespace {

struct append_arguments {
  added_files_arguments files;
  snapshot_arguments snapshot;
  bool check_duplicates = false;
};

void run_append(const common_arguments &arguments, const append_arguments &given) {
  const options_handle options = snapshot_options(given.snapshot);
  check_names(given.files);
  const session library(arguments);
  const table_handle table = library.open();
  if (library.has_key(table)) return print_as_committed_before(library, library.commit(table), arguments.as_json);
  added_files added(library, table, given.files);
  if (given.check_duplicates) refuse_duplicate_content(library, table, given.snapshot.branch, added.candidates());
  set_option(options, "append.check-duplicates",
             given.check_duplicates || given.files.in_place || added.has_files_in_folder());
  added.prepare();
  const auto appended = make<table_handle>([&](auto **out, auto **error) {
    return evodb_table_append(table.get(), added.files(), options.get(), out, error);
  });
  commit_and_print(library, appended, &added, arguments.as_json);
}

}  // namespace

command add_append(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto given = std::make_shared<append_arguments>();
  CLI::App *app = add_table_command(program, "append", "Add Parquet files, as one snapshot",
                                    "append ./flights flights-2013-0*.parquet", arguments);
  add_idempotency_key(*app, arguments);
  add_file_arguments(*app, given->files)->required();
  app->add_flag("--check-duplicates", given->check_duplicates,
                "Refuse files that are in the table already: by path (always checked for files that stay where "
                "they are), and, for files to be copied, by content, compared with the table at the start");
  add_snapshot_arguments(*app, given->snapshot);
  add_staged(*app, given->snapshot);
  auto run = [arguments, given] { run_append(*arguments, *given); };
  return {app, arguments, run};
}

}  // namespace tool
