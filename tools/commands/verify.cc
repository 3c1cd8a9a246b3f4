#include "commands/commands.h"
#include "output.h"

namespace tool {

command add_verify(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto data = std::make_shared<bool>(false);
  CLI::App *app = add_table_command(program, "verify", "Check that all files of the table exist and are consistent",
                                    "verify ./flights --data", arguments);
  app->footer("Exit status: 1 if a finding is an error. Without findings, --json prints nothing.\n\n" +
              app->get_footer());
  app->add_flag("--data", *data, "Also check that each data file exists, and its size");
  auto run = [arguments, data] {
    const session library(*arguments);
    const findings_handle findings = library.verify(library.open(), *data);
    const std::int64_t count = evodb_findings_count(findings.get());
    bool has_error = false;
    for (std::int64_t i = 0; i < count; ++i) {
      evodb_bool is_error = 0;
      const char *path = nullptr, *message = nullptr;
      check([&](auto **error) {
        return evodb_findings_get(findings.get(), i, &is_error, &path, nullptr, &message, nullptr, error);
      });
      has_error |= is_error != 0;
      const std::string severity = is_error != 0 ? "error" : "warning";
      if (arguments->as_json) {
        boost::json::object row;
        row["severity"] = severity;
        row["path"] = path;
        row["message"] = message;
        print_json(row);
      } else {
        print_line(severity + ": " + path + ": " + message);
      }
    }
    if (count == 0 && !arguments->as_json) print_line("no problems found");
    if (has_error) throw exit_with{1};
  };
  return {app, arguments, run};
}

}  // namespace tool
