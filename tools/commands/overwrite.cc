#include <fmt/format.h>

#include <algorithm>

#include "added_files.h"
#include "commands/commands.h"
#include "confirmation.h"
#include "removed_files.h"
#include "rows.h"
#include "snapshot_commit.h"

namespace tool {
namespace {

struct overwrite_arguments {
  added_files_arguments files;
  std::string where;
  bool all = false, replace_partitions = false;
  snapshot_arguments snapshot;
  confirmation_arguments confirmation;
};

/// Void fields have one value.
bool is_unpartitioned(const boost::json::value &spec) {
  const boost::json::array &fields = spec.at("fields").as_array();
  return std::all_of(fields.begin(), fields.end(),
                     [](const boost::json::value &field) { return field.at("transform").as_string() == "void"; });
}

boost::json::value default_spec(const table_handle &table) {
  const auto spec = make<partition_spec_handle>(
      [&](auto **out, auto **error) { return evodb_table_partition_spec(table.get(), out, error); });
  return boost::json::parse(text_of(evodb_partition_spec_json, spec.get()));
}

table_handle overwritten(const table_handle &table, const overwrite_arguments &given, const evodb_data_files *files,
                         const options_handle &options) {
  if (given.replace_partitions) {
    return make<table_handle>([&](auto **out, auto **error) {
      return evodb_table_replace_partitions(table.get(), files, options.get(), out, error);
    });
  }
  const predicate_handle predicate = given.all ? predicate_handle() : parse_filter(given.where);
  return make<table_handle>([&](auto **out, auto **error) {
    return evodb_table_overwrite(table.get(), predicate.get(), files, options.get(), out, error);
  });
}

void run_overwrite(const common_arguments &arguments, const overwrite_arguments &given) {
  const int ways = (given.where.empty() ? 0 : 1) + (given.all ? 1 : 0) + (given.replace_partitions ? 1 : 0);
  if (ways == 0)
    throw usage_failure(EVODB_INVALID_ARGUMENT, "say what to overwrite: --where FILTER, --all or --replace-partitions");
  if (ways > 1)
    throw usage_failure(EVODB_INVALID_ARGUMENT, "only one of --where, --all and --replace-partitions can be given");
  if (given.replace_partitions && given.files.files.empty())
    throw usage_failure(EVODB_INVALID_ARGUMENT, "--replace-partitions: the partitions are those of FILE…");
  if (!given.where.empty()) parse_filter(given.where);
  check_names(given.files);
  const options_handle options = snapshot_options(given.snapshot);
  if (!given.replace_partitions) require_answer(given.confirmation, arguments.as_json, "files go from the table");
  const session library(arguments);
  const table_handle table = library.open();
  if (!given.confirmation.dry_run && library.has_key(table))
    return print_as_committed_before(library, library.commit(table), arguments.as_json);
  const boost::json::value spec = default_spec(table);
  const bool takes_all = given.replace_partitions && is_unpartitioned(spec);
  if (takes_all)
    require_answer(given.confirmation, arguments.as_json,
                   "the table is unpartitioned, so every file of its partition spec goes");
  const bool is_asked = !given.replace_partitions || takes_all;
  if ((is_asked && !given.confirmation.yes) || given.confirmation.dry_run) {
    if (given.replace_partitions && !takes_all)
      throw usage_failure(EVODB_UNSUPPORTED, "--dry-run: not with --replace-partitions of a partitioned table");
    const std::string &branch = given.snapshot.branch;
    const std::vector<removed_file> files =
        takes_all ? files_of_spec(library, table, spec.at("spec-id").to_number<std::int32_t>(), branch)
                  : files_with_rows_of(library, table, given.where.empty() ? "TRUE" : given.where, branch);
    print_removed(files, arguments.as_json);
    if (given.confirmation.dry_run) return;
    if (are_whole(files)) confirm(given.confirmation, fmt::format("Overwrite {}?", summary_of(files)));
  }
  added_files added(library, table, given.files);
  added.prepare();
  const table_handle value = overwritten(table, given, added.files(), options);
  commit_and_print(library, value, &added, arguments.as_json);
}

}  // namespace

command add_overwrite(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto given = std::make_shared<overwrite_arguments>();
  CLI::App *app =
      add_table_command(program, "overwrite", "Put Parquet files in the place of others, as one snapshot",
                        "overwrite ./flights flights-2013-01.parquet --where \"month = 1\" --yes", arguments);
  add_idempotency_key(*app, arguments);
  add_file_arguments(*app, given->files);
  app->add_option(
      "--where", given->where,
      "Condition on rows: files all of whose rows match go; every row of FILE must match it. Where only some "
      "rows of a file of the table may match, nothing is changed");
  app->add_flag("--all", given->all, "Every file of the table goes");
  app->add_flag(
      "--replace-partitions", given->replace_partitions,
      "The files in the partitions of FILE go; of an unpartitioned table that is every file, so it asks. --dry-run is "
      "for unpartitioned tables only");
  add_snapshot_arguments(*app, given->snapshot);
  add_isolation(*app, given->snapshot);
  add_staged(*app, given->snapshot);
  add_confirmation(*app, given->confirmation);
  auto run = [arguments, given] { run_overwrite(*arguments, *given); };
  return {app, arguments, run};
}

}  // namespace tool
