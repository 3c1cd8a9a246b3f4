#include <iostream>

#include "commands/commands.h"
#include "output.h"
#include "rows.h"

namespace tool {
namespace {

const char *name_of(std::int32_t outcome) {
  return outcome == EVODB_RESOLUTION_COMMITTED ? "committed" : outcome == EVODB_RESOLUTION_LOST ? "lost" : "unknown";
}

}  // namespace

command add_resolve(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto token = std::make_shared<std::string>();
  CLI::App *app = add_table_command(program, "resolve", "Determine the outcome of a commit that was unknown",
                                    "resolve ./flights \"$token\"", arguments);
  app->footer(
      app->get_footer() +
      "\n\nIt prints 'committed' (status 0), 'lost' (1: not committed, and it never will be; do it again) or 'unknown' "
      "(3: too much has expired to determine it).\nIf the commit could still succeed, a version of the table without "
      "changes is committed in its place first.");
  app->add_option("TOKEN", *token, "The token that came with COMMIT_STATE_UNKNOWN; - for standard input")->required();
  auto run = [arguments, token] {
    if (*token == "-" && !(std::cin >> *token))
      throw usage_failure(EVODB_INVALID_ARGUMENT, "standard input has no token");
    const session library(*arguments);
    const session::resolution found = library.resolve(library.open(), *token);
    const std::string outcome = name_of(found.outcome);
    if (arguments->as_json) {
      boost::json::object row;
      row["outcome"] = outcome;
      row["snapshot_id"] = number_or_null(found.snapshot_id);
      row["version"] = number_or_null(found.version);
      print_json(row);
    } else {
      print_line(outcome + (found.version < 0 ? "" : " as version " + std::to_string(found.version)));
    }
    if (found.outcome == EVODB_RESOLUTION_LOST) throw exit_with{1};
    if (found.outcome == EVODB_RESOLUTION_UNKNOWN) throw exit_with{3};
  };
  return {app, arguments, run};
}

}  // namespace tool
