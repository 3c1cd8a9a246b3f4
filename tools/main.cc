#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>

#include "commands/commands.h"
#include "completion.h"
#include "interruption.h"
#include "output.h"

namespace {

std::string version_text() {
  const int32_t version = evodb_version();
  return fmt::format("evodb-lakehouse {}.{}.{} (ABI {}, reads Iceberg format versions 1 to 3, writes 2 and 3)",
                     version / 1000000, version / 1000 % 1000, version % 1000, EVODB_VERSION_MAJOR);
}

int fail(const tool::failure &what, bool as_json) {
  tool::print_failure(what, as_json);
  return tool::exit_status_of(what);
}

}  // namespace

int main(int argc, char **argv) {
  std::signal(SIGPIPE, SIG_IGN);  // writing reports a closed pipe
  std::signal(SIGXFSZ, SIG_IGN);  // and a file size limit
  CLI::App program("Apache Iceberg tables on object storage and local folders, with no catalog server",
                   "evodb-lakehouse");
  program.set_version_flag("--version", version_text());
  program.require_subcommand(1);
  program.footer(
      "Exit status: 0 done; 1 failed; 2 wrong usage, nothing was changed; 3 the outcome of a commit is unknown "
      "(see "
      "resolve).\nEach command has --help with an example, and --json for programs.");
  const tool::command commands[] = {
      tool::add_create(program),      tool::add_append(program),
      tool::add_overwrite(program),   tool::add_delete(program),
      tool::add_delete_rows(program), tool::add_files(program),
      tool::add_history(program),     tool::add_diff(program),
      tool::add_changes(program),     tool::add_manifests(program),
      tool::add_partitions(program),  tool::add_show(program),
      tool::add_schema(program),      tool::add_evolve(program),
      tool::add_upgrade(program),     tool::add_set(program),
      tool::add_rollback(program),    tool::add_branch_command(program),
      tool::add_tag_command(program), tool::add_refs(program),
      tool::add_cherry_pick(program), tool::add_rewrite_manifests(program),
      tool::add_explain(program),     tool::add_resolve(program),
      tool::add_verify(program),      tool::add_doctor(program),
      tool::add_probe(program),
  };
  for (const tool::command &command : commands) tool::take_one_value_each(*command.app);
  std::string shell;
  CLI::App *completion = program.add_subcommand("completion", "Print a completion script for a shell");
  completion->add_option("SHELL", shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));

  // If parsing fails, no command has its --json yet.
  bool as_json = false;
  for (int i = 1; i < argc; ++i) as_json |= std::string_view(argv[i]) == "--json";
  try {
    program.parse(argc, argv);
    if (completion->parsed()) tool::print_line(tool::completion_script(program, shell));
    for (const tool::command &command : commands) {
      if (!command.app->parsed()) continue;
      // A command that only reads is ended by a signal like any program.
      if (command.arguments->commits || command.app->get_name() == "probe") tool::handle_interruptions();
      command.run();
    }
  } catch (const CLI::Success &help) {
    return program.exit(help);
  } catch (const CLI::ParseError &wrong) {
    const bool has_command = argc < 2 || *argv[1] == '-' || !program.get_subcommands().empty();
    return fail(tool::usage_failure(
                    EVODB_INVALID_ARGUMENT,
                    has_command ? wrong.what() : fmt::format("no such command: {}; --help lists them", argv[1])),
                as_json);
  } catch (const tool::exit_with &answer) {
    return answer.status;
  } catch (tool::unwritable_output &what) {
    for (const tool::command &command : commands) {
      if (command.app->parsed() && command.arguments->commits) what.message = "the commit is done, but " + what.message;
    }
    return fail(what, as_json);
  } catch (const tool::failure &what) {
    return fail(what, as_json);
  } catch (const std::exception &defect) {
    return fail(tool::failure(EVODB_INTERNAL, defect.what()), as_json);
  }
  return 0;
}
