#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/uuid.h"
#include "expression/predicate.h"
#include "model/data_files.h"
#include "model/partition_spec.h"
#include "model/table_metadata.h"

namespace evodb {

/// Files that are to be added: batches made for one table, in its default partition spec of then, and checked against its
/// schema of then. Either data files or delete files.
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
  bool hold_deletes() const noexcept;
};

/// Which files of a branch are removed. Of several conditions one suffices.
struct file_removal {
  std::vector<std::string> paths;  ///< as the manifests have them; each must be a live data file
  predicate_ptr filter;            ///< files all of whose rows match; null: none
  bool partitions_of_added = false;

  bool is_empty() const noexcept { return paths.empty() && !filter && !partitions_of_added; }
};

/// Rows of one live data file that are deleted, by their positions in it. Which delete file that makes depends on what the
/// table has when it is committed.
struct deleted_rows {
  std::string path;  ///< as the manifests have it
  std::vector<std::int64_t> positions;
};

/// What an operation does to the files of a branch. A plain value: what it means for a snapshot is the producer's, what it
/// means for a plan the plan's.
struct file_changes {
  std::shared_ptr<const table_files> added;    ///< data files; null: none
  std::shared_ptr<const table_files> deletes;  ///< delete files; null: none
  file_removal removed;
  std::optional<deleted_rows> rows;
  bool include_position_deletes = false;             ///< the added vectors have what position delete files have deleted
  std::optional<std::int64_t> data_sequence_number;  ///< of the added data files; null: the snapshot's

  bool only_add_data() const noexcept { return removed.is_empty() && !deletes && !rows; }

  /// Those that are added, of either kind.
  std::vector<std::shared_ptr<const table_files>> all_added() const;
};

/// Which changes that others committed, since the value of an operation was made, contradict it.
struct conflict_rules {
  bool refuse_added_data = false;          ///< data files that may have rows `within`
  bool refuse_added_deletes = false;       ///< delete files that may be of rows `within`
  bool refuse_removed_data = false;        ///< data files that may have rows `within`, and were removed
  bool refuse_deletes_of_removed = false;  ///< delete files that apply to the files that it removes by name
  bool ignore_equality_deletes = false;    ///< of those
  bool refuse_added_vectors = true;        ///< of data files for which a vector is added here
  predicate_ptr within;                    ///< null: every row, or, where partitions are replaced, these
};

}  // namespace evodb
