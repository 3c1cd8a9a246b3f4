#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "evodb_lakehouse.h"
#include "table/change.h"

struct evodb_data_files {
  explicit evodb_data_files(std::shared_ptr<const evodb::table_files> of) : files(std::move(of)) {}
  std::shared_ptr<const evodb::table_files> files;
  /// NUL-terminated copies, made on first use.
  std::once_flag paths_once;
  std::vector<std::string> paths;
};
