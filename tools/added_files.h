#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "duplicate_check.h"
#include "session.h"

namespace tool {

/// FILE… of the commands that add files.
struct added_files_arguments {
  std::vector<std::string> files;
  bool in_place = false, partition_from_path = false;
};

/// FILE, --in-place and --partition-from-path. Returns the option of FILE.
CLI::Option *add_file_arguments(CLI::App &app, added_files_arguments &given);
/// Refuses an empty name.
void check_names(const added_files_arguments &given);

/// Files that a command adds to a table. Those outside of its folder are copied there, and the copies are deleted with this,
/// unless a commit refers to them, or may refer to them.
class added_files {
 public:
  /// Finds out which are copied. Throws failure.
  added_files(const session &library, const table_handle &table, const added_files_arguments &given);
  added_files(const added_files &) = delete;
  added_files &operator=(const added_files &) = delete;
  ~added_files();

  const std::vector<candidate> &candidates() const { return candidates_; }
  bool has_files_in_folder() const;
  /// Inspects the files, and copies those that have to be. Throws failure.
  void prepare();
  const evodb_data_files *files() const { return files_.get(); }
  /// The copies are the table's.
  void keep() { copies_.clear(); }

 private:
  void own(const data_files_handle &copied);
  data_files_handle copy_and_inspect();

  const session &library_;
  const table_handle &table_;
  const bool partition_from_path_;
  std::string folder_;  ///< the table's
  std::vector<candidate> candidates_;
  std::vector<std::string> copies_;
  data_files_handle files_;
};

}  // namespace tool
