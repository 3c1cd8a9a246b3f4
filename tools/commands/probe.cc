#include "checks.h"
#include "commands/commands.h"

namespace tool {

command add_probe(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  CLI::App *app =
      add_table_command(program, "probe", "Check whether tables are safe in a bucket or folder",
                        "probe s3://bucket/prefix", arguments, "URI", "Bucket and prefix, or folder, for tables");
  app->footer(
      "Some hundreds of requests, mostly of concurrent writers. The objects .probe-… that they create are "
      "deleted again.\n\n" +
      app->get_footer());
  auto run = [arguments] {
    const session library(*arguments);
    print_checks(library.probe(), arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
