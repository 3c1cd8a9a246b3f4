#include "checks.h"
#include "commands/commands.h"

namespace tool {

command add_doctor(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  CLI::App *app = add_table_command(program, "doctor",
                                    "Check whether the table and its location are safe to use, and what to do if not",
                                    "doctor ./flights", arguments);
  app->footer("To test the location, a file .probe-… is created in metadata/ and deleted again.\n\n" +
              app->get_footer());
  auto run = [arguments] {
    const session library(*arguments);
    const checks_handle checks = library.diagnose();
    print_checks(checks, arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
