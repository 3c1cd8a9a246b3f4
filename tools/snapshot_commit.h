#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "added_files.h"
#include "session.h"

/// What commands that make a snapshot have in common.
namespace tool {

struct snapshot_arguments {
  std::vector<std::string> summary;
  std::string branch;     ///< empty: main
  std::string isolation;  ///< empty: the library's default
  bool is_staged = false;
};
/// --property and --branch.
void add_snapshot_arguments(CLI::App &app, snapshot_arguments &given);
void add_isolation(CLI::App &app, snapshot_arguments &given);
void add_staged(CLI::App &app, snapshot_arguments &given);
/// Throws failure (status 2).
options_handle snapshot_options(const snapshot_arguments &given);

/// Commits a value with one new snapshot, and prints that. `added`: whose copies are kept if the commit may refer to them;
/// null: none.
void commit_and_print(const session &library, const table_handle &value, added_files *added, bool as_json);

}  // namespace tool
