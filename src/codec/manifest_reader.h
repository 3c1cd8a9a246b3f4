#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "codec/manifest_program.h"
#include "model/data_files.h"
#include "model/manifest_file.h"
#include "model/partition_spec.h"
#include "model/type.h"
#include "runtime/memory_budget.h"

namespace evodb {

/// Decodes a whole manifest of version 1, 2 or 3, and leaves open what its entries inherit. Messages name `subject`.
/// `partition_types` are the result types of the spec's fields in order; `unknown` gives a column of storage none. Partition
/// values that the manifest lacks, or that are none of their field's type, are not known. Schemas of manifests are kept in
/// the budget's cache.
///
/// Throws CORRUPT naming the manifest and the offset (in the file; inside a block: the block's, and that in its
/// inflated bytes), UNSUPPORTED for codecs and file formats that it does not know, RESOURCE_EXHAUSTED when inflated
/// bytes and columns pass the budget, from which they are held while decoding. Any thread.
manifest_entries decode_manifest(byte_view file, std::string_view subject, manifest_content content,
                                 const partition_spec &spec, const std::vector<type> &partition_types,
                                 const manifest_columns_wanted &wanted, memory_budget &budget);

/// The same with what entries inherit from `listed`, the manifest's row of the manifest list, as manifest_inheritance has
/// it; CORRUPT also where an entry leaves out what it must not.
manifest_entries read_manifest(byte_view file, const manifest_file &listed, const partition_spec &spec,
                               const std::vector<type> &partition_types, const manifest_columns_wanted &wanted,
                               memory_budget &budget);

/// What a manifest says of itself.
struct manifest_header {
  std::string schema;  ///< JSON of the table schema
  std::optional<std::int32_t> schema_id;
  std::string partition_spec;  ///< JSON array of the spec's fields
  std::optional<std::int32_t> partition_spec_id;
  int format_version = 1;
  manifest_content content = manifest_content::data;
  std::string codec;        ///< "null", "deflate", "zstandard", "snappy"
  std::string avro_schema;  ///< JSON
};

/// Throws as read_manifest does.
manifest_header read_manifest_header(byte_view file, std::string_view subject);

}  // namespace evodb
