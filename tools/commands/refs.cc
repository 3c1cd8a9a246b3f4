#include "refs.h"

#include "commands/commands.h"

namespace tool {

command add_refs(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto at = std::make_shared<point_in_time>();
  CLI::App *app =
      add_table_command(program, "refs", "List the table's branches and tags", "refs ./flights --json", arguments);
  add_point_in_time(*app, at);
  app->footer(app->get_footer() +
              "\n\nBranches and tags are the table's: a point in time has to exist, and changes nothing in the list.");
  auto run = [arguments, at] {
    check_point_in_time(*at);
    const session library(*arguments);
    const table_handle table = library.open();
    snapshot_at(table, *at);
    print_refs(table, std::nullopt, arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
