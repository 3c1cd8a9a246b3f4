#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/storage.h"
#include "model/name_mapping.h"
#include "model/partition_spec.h"
#include "model/schema.h"
#include "parquet/metrics.h"
#include "runtime/task.h"
#include "table/change.h"
#include "table/table.h"

namespace evodb {

/// Where a data file is, as metadata is to say it. Throws INVALID_ARGUMENT outside of the storage's root, and outside
/// of the table's location unless allowed, and where other engines would look elsewhere (check_portable_file).
std::string data_file_location(const table &of, std::string_view path, bool allow_outside);

/// Looks at Parquet files as data files of one table: statistics, partition values, and a check against the schema. Must
/// outlive what it starts.
class file_inspection {
 public:
  explicit file_inspection(table of);

  /// Reads the footers (one or two requests a file), some files at a time. In the order of `files`, which are locations in
  /// that storage.
  task<std::vector<inspected_file>> look_at(std::shared_ptr<const storage> where, std::vector<std::string> files,
                                            path_values from_path) const;
  std::shared_ptr<const table_files> files_of(const std::vector<inspected_file> &inspected) const;

 private:
  task<inspected_file> look_at_one(const storage &where, std::string file, path_values from_path) const;

  const table table_;
  const std::shared_ptr<const schema> columns_;
  const partition_spec &spec_;
  const metrics_config config_;
  const name_mapping mapping_;
};

/// Files that the table's storage has. Links that lead into the table's folder are followed.
task<std::shared_ptr<const table_files>> inspect_files(table of, std::vector<std::string> paths, bool allow_outside,
                                                       path_values from_path);

/// The Iceberg schema of a Parquet file, with its field ids or with fresh ones; and of columns that only its path has, if
/// these are to be taken (with_columns_of_path).
task<std::shared_ptr<const schema>> inspect_schema(std::shared_ptr<const storage> where, std::string path,
                                                   path_values from_path);

}  // namespace evodb
