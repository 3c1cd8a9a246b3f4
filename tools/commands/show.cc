#include "commands/commands.h"
#include "rows.h"

namespace tool {

command add_show(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto at = std::make_shared<point_in_time>();
  CLI::App *app = add_table_command(program, "show", "Show the table's metadata", "show ./flights --json", arguments);
  add_point_in_time(*app, at);
  auto run = [arguments, at] {
    check_point_in_time(*at);
    const session library(*arguments);
    print_show(show_row(library.open(), *at), arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
