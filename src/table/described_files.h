#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include "model/data_files.h"
#include "table/change.h"
#include "table/table.h"

namespace evodb {

/// Data files whose facts the caller knows; nothing is read. Exclusive.
class described_files {
 public:
  described_files(table of, bool allow_outside);

  /// `described`: all but its partition, and the path as the caller wrote it. `partition_json`: object from partition field name to JSON single value;
  /// empty for unpartitioned tables. Throws INVALID_ARGUMENT or ALREADY_EXISTS naming the file; then it is not added.
  void add(data_file described, std::string_view partition_json);
  std::int64_t count() const noexcept { return static_cast<std::int64_t>(paths_.size()); }
  std::shared_ptr<const table_files> finish();

 private:
  data_files_builder empty_builder() const;
  void check_metrics(const data_file &described) const;

  table table_;
  bool allow_outside_;
  std::vector<type> partition_types_;
  data_files_builder builder_;
  std::unordered_set<std::string> paths_;
};

}  // namespace evodb
