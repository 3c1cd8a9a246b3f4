#include "commands/commands.h"
#include "moment.h"
#include "output.h"

namespace tool {
namespace {

/// Sizes, counts and texts as people write them.
std::string value_text(const std::string &name, const boost::json::value &value) {
  if (value.is_null()) return "";
  if (value.is_string()) return boost::json::serialize(value);  // it may hold anything
  const std::int64_t number = value.to_number<std::int64_t>();
  if (name == "metadata-size") return size_text(number);
  if (name == "last-updated") return moment_text(number);
  return name == "clock" ? count_text(number) + " ms" : count_text(number);
}

}  // namespace

command add_doctor(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  CLI::App *app =
      add_table_command(program, "doctor", "Say whether the table and its place are fit for use, and what to do if not",
                        "doctor ./flights", arguments);
  app->footer("To try the place, a file .probe-… is created in metadata/ and deleted again.\n\n" + app->get_footer());
  auto run = [arguments] {
    const session library(*arguments);
    const checks_handle checks = library.diagnose();
    text_table table({{"check"}, {"ok"}, {"value", text_table::align::right}, {"message"}});
    bool has_failed = false;
    for (std::int64_t i = 0; i < evodb_checks_count(checks.get()); ++i) {
      evodb_bool is_ok = 0;
      const char *name = nullptr, *value_json = nullptr, *message = nullptr;
      check([&](auto **error) {
        return evodb_checks_get(checks.get(), i, &name, nullptr, &is_ok, &value_json, nullptr, &message, nullptr,
                                error);
      });
      has_failed |= is_ok == 0;
      const boost::json::value value = boost::json::parse(value_json);
      if (arguments->as_json) {
        boost::json::object row;
        row["name"] = name;
        row["ok"] = is_ok != 0;
        row["value"] = value;
        row["message"] = message;
        print_json(row);
      } else {
        table.add({name, is_ok != 0 ? "yes" : "NO", value_text(name, value), message});
      }
    }
    if (!arguments->as_json) table.print();
    if (has_failed) throw exit_with{1};
  };
  return {app, arguments, run};
}

}  // namespace tool
