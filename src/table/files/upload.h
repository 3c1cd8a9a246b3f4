#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/transfer_progress.h"
#include "parquet/partition_values.h"
#include "runtime/task.h"
#include "table/change.h"
#include "table/table.h"

namespace evodb {

/// Below a table's location, where copies go.
inline constexpr std::string_view data_folder = "data";

/// Copies local Parquet files (absolute paths) into the table's folder, under fresh names, and makes them data files of it.
/// They are looked at where they are: nothing is sent when one of them does not fit. When it fails, what was copied is
/// removed.
task<std::shared_ptr<const table_files>> upload_files(table of, std::vector<std::string> files, path_values from_path,
                                                      std::shared_ptr<transfer_progress> progress);

/// The name of a copy: unique, and recognised by what it has of the original's name. Only characters that no engine takes
/// for something else, at most 128 of them.
std::string copied_name(const std::string &unique, std::string_view original_path);

}  // namespace evodb
