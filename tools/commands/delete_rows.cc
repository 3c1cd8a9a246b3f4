#include <fmt/format.h>

#include <charconv>
#include <iostream>

#include "commands/commands.h"
#include "rows.h"
#include "snapshot_commit.h"

namespace tool {
namespace {

struct delete_rows_arguments {
  std::string file;
  std::vector<std::string> positions;
  bool include_position_deletes = false;
  snapshot_arguments snapshot;
};

std::int64_t parse_position(const std::string &text) {
  std::int64_t position = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (failed != std::errc() || end != text.data() + text.size() || position < 0)
    throw usage_failure(EVODB_INVALID_ARGUMENT, fmt::format("no position of a row: '{}'", text));
  return position;
}

/// "-": one a line from standard input.
std::vector<std::int64_t> read_positions(const std::vector<std::string> &given) {
  std::vector<std::int64_t> positions;
  for (const std::string &text : given) {
    if (text != "-") {
      positions.push_back(parse_position(text));
      continue;
    }
    for (std::string line; std::getline(std::cin, line);) {
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
      if (!line.empty()) positions.push_back(parse_position(line));
    }
  }
  return positions;
}

void run_delete_rows(const common_arguments &arguments, const delete_rows_arguments &given) {
  const std::vector<std::int64_t> positions = read_positions(given.positions);
  const options_handle options = snapshot_options(given.snapshot);
  set_option(options, "rows.include-position-deletes", given.include_position_deletes);
  const session library(arguments);
  const table_handle table = library.open();
  if (library.has_key(table)) return print_as_committed_before(library, library.commit(table), arguments.as_json);
  const auto value = make<table_handle>([&](auto **out, auto **error) {
    return evodb_table_delete_rows(table.get(), given.file.data(), size_of(given.file), positions.data(),
                                   static_cast<std::int64_t>(positions.size()), options.get(), out, error);
  });
  commit_and_print(library, value, nullptr, arguments.as_json);
}

}  // namespace

command add_delete_rows(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto given = std::make_shared<delete_rows_arguments>();
  CLI::App *app = add_table_command(program, "delete-rows", "Delete rows of a data file by their positions in it",
                                    "delete-rows ./flights data/flights-2013-01.parquet 0 17 4711", arguments);
  add_idempotency_key(*app, arguments);
  app->add_option("FILE", given->file, "The data file, as 'files' lists it, or relative to the table")->required();
  app->add_option("POSITION", given->positions, "Rows of the file, counted from 0; '-' reads them, one a line")
      ->required();
  app->add_flag("--include-position-deletes", given->include_position_deletes,
                "The positions include those that position delete files have deleted (tables that were upgraded to "
                "version 3); rows that are left out come back in some engines");
  add_snapshot_arguments(*app, given->snapshot);
  auto run = [arguments, given] { run_delete_rows(*arguments, *given); };
  return {app, arguments, run};
}

}  // namespace tool
