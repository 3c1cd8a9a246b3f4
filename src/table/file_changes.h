#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/uuid.h"
#include "model/data_files.h"
#include "model/partition_spec.h"
#include "model/table_metadata.h"

namespace evodb {

/// Files that are to be added: batches made for one table, in its default partition spec of then, and checked against its
/// schema of then.
struct table_files {
  explicit table_files(const table_metadata &made_for);

  uuid table_uuid;
  std::string table_location;  ///< for messages
  partition_spec spec;
  std::shared_ptr<const schema> checked_against;
  std::vector<std::shared_ptr<const data_files>> batches;
  bool need_name_mapping = false;  ///< some file has no field ids
  std::vector<error> warnings;     ///< what their caller should hear of
  std::int64_t count() const noexcept;
  std::int64_t record_count() const noexcept;
  std::int64_t size_in_bytes() const noexcept;
};

/// What an operation does to the files of a branch. A plain value: what it means for a snapshot is the producer's, what it
/// means for a plan the plan's.
struct file_changes {
  std::shared_ptr<const table_files> added;  ///< never null
};

}  // namespace evodb
