#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "added_files.h"
#include "session.h"

/// What commands that make a snapshot have in common.
namespace tool {

/// --property KEY=VALUE
void add_summary(CLI::App &app, std::vector<std::string> &summary);
/// Throws failure (status 2).
void set_summary(const options_handle &options, const std::vector<std::string> &summary);

/// The rest of such a command.
struct snapshot_arguments {
  std::vector<std::string> summary;
  std::string branch, isolation;
};
/// --property, --branch and, of those that others can contradict, --isolation.
void add_snapshot_arguments(CLI::App &app, snapshot_arguments &given, bool has_isolation);
options_handle snapshot_options(const snapshot_arguments &given);

/// Prints the snapshot with the given key, if it has not expired.
void print_as_committed_before(const session &library, const table_handle &table, bool as_json);
/// Commits a value with one new snapshot, and prints that. `added`: whose copies are kept if the commit may refer to them;
/// null: none.
void commit_and_print(const session &library, const table_handle &value, added_files *added, bool as_json);

}  // namespace tool
