#include "confirmation.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "api.h"

namespace tool {
namespace {

bool can_ask() {
  return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

}  // namespace

void add_confirmation(CLI::App &app, confirmation_arguments &given) {
  app.add_flag("--yes", given.yes, "Do it without asking");
  app.add_flag("--dry-run", given.dry_run, "Show what would be done, and change nothing");
}

void require_answer(const confirmation_arguments &given, bool as_json, const std::string &what) {
  if (given.yes || given.dry_run || (can_ask() && !as_json)) return;
  throw usage_failure(
      EVODB_INVALID_ARGUMENT,
      fmt::format("{}: say --yes to do it without being asked, or --dry-run to see what would go", what));
}

void confirm(const confirmation_arguments &given, const std::string &question) {
  if (given.yes) return;
  std::cerr << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "y" && answer != "Y" && answer != "yes") throw failure(EVODB_CANCELLED, "nothing was changed");
}

}  // namespace tool
