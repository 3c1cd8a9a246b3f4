#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "codec/avro_file.h"
#include "model/data_files.h"
#include "model/manifest_file.h"
#include "model/partition_spec.h"
#include "model/schema.h"

namespace evodb {

struct manifest_target {
  int format_version = 2;  ///< 2 or 3
  const schema *table_schema = nullptr;
  const partition_spec *spec = nullptr;  ///< the one that the files' partitions are of
  manifest_content content = manifest_content::data;
  std::int64_t snapshot_id = 0;  ///< that adds the manifest
  bool compress = true;
  int level = avro_file_writer::default_level;
};

/// `row` lacks nothing but manifest_path and first_row_id. Its sequence number is -1, unassigned: the writer of the
/// manifest list puts the commit's number there (see manifest_list.h), and also into a min_sequence_number of -1,
/// which means that no live entry has an explicit sequence number.
struct written_manifest {
  std::shared_ptr<const bytes> file;
  manifest_file row;
};

/// Writes rows [first, last) of `files` as ADDED by the target's snapshot, with null sequence numbers and null first
/// row ids, which are inherited: a commit that is tried again rewrites the manifest list alone. The same input gives
/// the same bytes.
///
/// Throws INVALID_ARGUMENT naming the file or the partition field where the rows do not fit the target: another number
/// of partition fields, a delete file in a manifest of data files or the reverse, a decimal beyond its precision, a
/// partition value that is not known.
written_manifest write_added_manifest(const data_files &files, std::size_t first, std::size_t last,
                                      const manifest_target &target);

/// Writes some rows of `entries` with their status, snapshot id, sequence numbers and first row ids. A negative
/// sequence number is written as null, which only an ADDED entry may have; INVALID_ARGUMENT naming the file otherwise.
written_manifest write_manifest(const manifest_entries &entries, const std::vector<std::size_t> &rows,
                                const manifest_target &target);

}  // namespace evodb
