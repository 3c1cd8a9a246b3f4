#include "completion.h"

#include <fmt/format.h>

namespace tool {
namespace {

std::string options_of(const CLI::App &command) {
  std::string words;
  for (const CLI::Option *option : command.get_options()) {
    for (const std::string &name : option->get_lnames()) words += fmt::format(" --{}", name);
  }
  return words;
}

std::string bash_script(const CLI::App &program) {
  std::string commands, cases;
  for (const CLI::App *command : program.get_subcommands(nullptr)) {
    commands += " " + command->get_name();
    cases += fmt::format("    {}) words=\"{}\" ;;\n", command->get_name(), options_of(*command));
  }
  return fmt::format(
      "_evodb_lakehouse() {{\n"
      "  local current=${{COMP_WORDS[COMP_CWORD]}} words\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then COMPREPLY=($(compgen -W \"{}\" -- \"$current\")); return; fi\n"
      "  case ${{COMP_WORDS[1]}} in\n{}  esac\n"
      "  case $current in\n"
      "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$current\")) ;;\n"
      "    *) COMPREPLY=($(compgen -f -- \"$current\")) ;;\n"
      "  esac\n"
      "}}\n"
      "complete -o filenames -F _evodb_lakehouse evodb-lakehouse\n",
      commands, cases);
}

std::string fish_script(const CLI::App &program) {
  std::string script;
  for (const CLI::App *command : program.get_subcommands(nullptr)) {
    script += fmt::format("complete -c evodb-lakehouse -n __fish_use_subcommand -f -a {} -d '{}'\n",
                          command->get_name(), command->get_description());
    for (const CLI::Option *option : command->get_options()) {
      for (const std::string &name : option->get_lnames()) {
        script += fmt::format("complete -c evodb-lakehouse -n '__fish_seen_subcommand_from {}' -l {}\n",
                              command->get_name(), name);
      }
    }
  }
  return script;
}

}  // namespace

std::string completion_script(const CLI::App &program, const std::string &shell) {
  if (shell == "fish") return fish_script(program);
  // zsh runs bash's completions.
  return (shell == "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "") + bash_script(program);
}

}  // namespace tool
