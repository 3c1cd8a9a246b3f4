#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace tool {

/// --yes and --dry-run, of commands that take something away.
struct confirmation_arguments {
  bool yes = false, dry_run = false;
};
void add_confirmation(CLI::App &app, confirmation_arguments &given);

/// Throws failure (status 2) where the answer was not given with the command and the command cannot ask: there is no terminal,
/// or the output is for a program. To be called before any request.
void require_answer(const confirmation_arguments &given, bool as_json, const std::string &what);
/// Asks, unless the answer was given. Throws failure (status 1) where it is no.
void confirm(const confirmation_arguments &given, const std::string &question);

}  // namespace tool
