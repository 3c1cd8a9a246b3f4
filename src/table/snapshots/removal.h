#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "model/table_metadata.h"
#include "runtime/task.h"
#include "table/file_changes.h"
#include "table/manifests/version_files.h"
#include "table/snapshots/file_totals.h"

namespace evodb {

/// A data file that an operation names.
struct named_file {
  std::string path;
  bytes partition;  ///< by spec_partition_key
  std::int64_t sequence_number = 0;
};

/// What is left of a branch's manifests, and what was taken away.
struct removed_files {
  std::shared_ptr<const manifest_files> left;  ///< rewritten ones have no sequence number yet
  file_totals totals;
  std::vector<named_file> named;  ///< those removed by name, and those that added delete files refer to
};

/// Takes the files that the changes remove, deletion vectors of theirs, and vectors that an added one replaces, out of
/// `present`. Manifests that hold some are made anew, with DELETED entries, and added to `files`. `is_newer`: the base is
/// another one than that which the caller has seen. Throws, naming them:
/// - NOT_FOUND, or CONFLICT on a newer base, where a named file is not live;
/// - PARTIAL_MATCH where a file may hold rows of the filter and others;
/// - ALREADY_EXISTS where an added file is live, as far as manifests have to be read;
/// - UNSUPPORTED where the first vector of a data file would hide what position delete files have deleted;
/// - INVALID_ARGUMENT where a delete file is of another partition than the data file that it refers to, or a vector has
///   fewer positions than the one that it replaces.
task<removed_files> remove_files(const file_changes &changes, std::int64_t snapshot_id, bool is_newer,
                                 std::shared_ptr<const manifest_files> present, const table_metadata &base,
                                 version_files &files);

}  // namespace evodb
