#include "commands/commands.h"

#include <charconv>

namespace tool {

CLI::App *add_table_command(CLI::App &program, const char *name, const char *description, const char *example,
                            const std::shared_ptr<common_arguments> &arguments, const char *argument,
                            const char *meaning) {
  CLI::App *app = program.add_subcommand(name, description);
  app->footer(std::string("Example:\n  evodb-lakehouse ") + example);
  app->add_option(argument, arguments->table, meaning)->required();
  app->add_flag("--json", arguments->as_json, "JSON Lines on standard output");
  app->add_option("--set", arguments->settings,
                  "Option of the library (repeatable; see the header), such as storage.region=REGION and "
                  "storage.endpoint=URL, for AWS https://s3.REGION.amazonaws.com")
      ->expected(1)
      ->take_all();
  app->add_option("--timeout", arguments->timeout,
                  "How long each operation of the library, such as a commit or a plan's files, may take: 500ms, "
                  "30s, 2m, 1h30m; responses to what was sent are awaited for some seconds more");
  return app;
}

void take_one_value_each(CLI::App &app) {
  for (CLI::Option *option : app.get_options()) {
    if (option->get_items_expected_max() == 0 || option->get_positional()) continue;
    option->allow_extra_args(false);
    const std::string name = option->get_name();
    if (name == "--identifier" || name == "--sort-order") continue;  // an empty one is none
    option->check([](const std::string &text) { return text.empty() ? "the value is empty" : std::string(); });
  }
}

CLI::Validator whole_number() {
  return CLI::Validator(
      [](const std::string &text) -> std::string {
        std::int64_t number = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool is_number = failed == std::errc() && end == text.data() + text.size();
        return is_number ? std::string() : "not a number of 64 bits: " + text;
      },
      "");
}

void add_filter(CLI::App &app, const std::shared_ptr<std::string> &filter) {
  auto is_not_empty = [](const std::string &text) { return text.empty() ? "the filter is empty" : std::string(); };
  app.add_option("--filter", *filter, "Condition on rows, as in SQL")->check(is_not_empty);
}

void add_idempotency_key(CLI::App &app, const std::shared_ptr<common_arguments> &arguments) {
  arguments->commits = true;
  app.get_option("TABLE")->description("Folder or URI of the table");
  app.add_option(
      "--idempotency-key", arguments->idempotency_key,
      "APPLICATION:SEQUENCE, a name for what this commits: a repetition, also by another process, has no effect. Only "
      "the key is compared, not the content; the sequences of an application increase");
  app.footer(app.get_footer() +
             "\n\nExit status 3: the commit may or may not have succeeded, and standard error has a line 'token: …'. "
             "'evodb-lakehouse resolve TABLE TOKEN'\ndetermines the outcome; or repeat the same command with the same "
             "--idempotency-key. Without a key, never repeat it unresolved.");
}

void add_summary_property(CLI::App &app, std::vector<std::string> &pairs) {
  app.add_option("--property", pairs, "KEY=VALUE for the snapshot's summary (repeatable)")->expected(1)->take_all();
}

void set_summary(const options_handle &options, const std::vector<std::string> &pairs) {
  for (const std::string &pair : pairs) {
    const auto [key, value] = split_pair(pair, "--property");
    before_io([&, &k = key, &v = value] { set_option(options, "summary." + k, v); });
  }
}

void add_branch(CLI::App &app, std::string &branch) {
  app.add_option("--branch", branch, "The branch to commit to, by default main; a new one begins where main is")
      ->check([](const std::string &name) { return name.empty() ? "the name of the branch is empty" : std::string(); });
}

void add_point_in_time(CLI::App &app, const std::shared_ptr<point_in_time> &at) {
  app.add_option("--snapshot", at->snapshot, "Snapshot id")->check(whole_number());
  app.add_option("--as-of", at->as_of,
                 "The table as it was at this time (UTC without a zone, or epoch milliseconds; inclusive)");
  app.add_option("--ref", at->ref, "Branch or tag")->check([](const std::string &name) {
    return name.empty() ? "the name of the ref is empty" : std::string();
  });
}

}  // namespace tool
