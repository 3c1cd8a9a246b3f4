#include <fmt/format.h>

#include "commands/commands.h"
#include "confirmation.h"
#include "output.h"
#include "removed_files.h"
#include "rows.h"
#include "snapshot_commit.h"

namespace tool {
namespace {

struct delete_arguments {
  std::string where;
  std::vector<std::string> files;
  snapshot_arguments snapshot;
  confirmation_arguments confirmation;
};

table_handle without(const table_handle &table, const delete_arguments &given, const options_handle &options) {
  if (given.files.empty()) {
    const predicate_handle predicate = parse_filter(given.where);
    return make<table_handle>([&](auto **out, auto **error) {
      return evodb_table_delete(table.get(), predicate.get(), options.get(), out, error);
    });
  }
  const texts paths(given.files);
  return make<table_handle>([&](auto **out, auto **error) {
    return evodb_table_delete_files(table.get(), paths.data(), paths.lengths(), paths.count(), options.get(), out,
                                    error);
  });
}

void run_delete(const common_arguments &arguments, const delete_arguments &given) {
  if (given.where.empty() == given.files.empty())
    throw usage_failure(EVODB_INVALID_ARGUMENT, "say what to delete: --where FILTER, or --file PATH");
  if (!given.where.empty()) parse_filter(given.where);
  const options_handle options = snapshot_options(given.snapshot);
  require_answer(given.confirmation, arguments.as_json, "files go from the table");
  const session library(arguments);
  const table_handle table = library.open();
  if (!given.confirmation.dry_run && library.has_key(table))
    return print_as_committed_before(library, library.commit(table), arguments.as_json);
  const table_handle value = without(table, given, options);
  if (!given.confirmation.yes || given.confirmation.dry_run) {
    const std::vector<removed_file> files = given.files.empty()
                                                ? files_with_rows_of(library, table, given.where, given.snapshot.branch)
                                                : named_files(library, table, given.files, given.snapshot.branch);
    print_removed(files, arguments.as_json);
    if (given.confirmation.dry_run) return;
    if (are_whole(files)) confirm(given.confirmation, fmt::format("Delete {}?", summary_of(files)));
  }
  commit_and_print(library, value, nullptr, arguments.as_json);
}

}  // namespace

command add_delete(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto given = std::make_shared<delete_arguments>();
  CLI::App *app = add_table_command(program, "delete", "Delete whole files, as one snapshot",
                                    "delete ./flights --where \"time_hour < '2013-02-01'\" --dry-run", arguments);
  add_idempotency_key(*app, arguments);
  CLI::Option *where = app->add_option(
      "--where", given->where,
      "Condition on rows: the files all of whose rows match go. Where only some rows of a file may match, nothing is "
      "deleted, and the error lists these files");
  app->add_option("--file", given->files, "A file, as 'files' lists it, or relative to the table (repeatable)")
      ->expected(1)
      ->take_all()
      ->excludes(where);
  add_snapshot_arguments(*app, given->snapshot);
  add_isolation(*app, given->snapshot);
  add_confirmation(*app, given->confirmation);
  auto run = [arguments, given] { run_delete(*arguments, *given); };
  return {app, arguments, run};
}

}  // namespace tool
