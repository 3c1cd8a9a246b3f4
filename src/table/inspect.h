#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/storage.h"
#include "model/schema.h"
#include "runtime/task.h"
#include "table/change.h"
#include "table/table.h"

namespace evodb {

/// Where a data file is, as metadata is to say it. Throws INVALID_ARGUMENT outside of the storage's root, and outside
/// of the table's location unless allowed.
std::string data_file_location(const table &of, std::string_view path, bool allow_outside);

/// Reads the footers of Parquet files and makes them data files of the table: statistics, partition values, and a check
/// against the schema. One or two requests a file, some files at a time.
task<std::shared_ptr<const table_files>> inspect_files(table of, std::vector<std::string> paths, bool allow_outside);

/// The Iceberg schema of a Parquet file, with its field ids or with fresh ones.
task<std::shared_ptr<const schema>> inspect_schema(std::shared_ptr<const storage> where, std::string path);

}  // namespace evodb
