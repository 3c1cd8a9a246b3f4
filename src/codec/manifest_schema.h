#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/manifest_file.h"
#include "model/partition_spec.h"
#include "model/type.h"

namespace evodb {

/// Field ids of manifests (spec, "Manifest Entry Fields", "Data File Fields").
enum class manifest_field : std::int32_t {
  status = 0,
  snapshot_id = 1,
  data_file = 2,
  sequence_number = 3,
  file_sequence_number = 4,
  file_path = 100,
  file_format = 101,
  partition = 102,
  record_count = 103,
  file_size = 104,
  column_sizes = 108,
  value_counts = 109,
  null_value_counts = 110,
  lower_bounds = 125,
  upper_bounds = 128,
  key_metadata = 131,
  split_offsets = 132,
  content = 134,
  equality_ids = 135,
  nan_value_counts = 137,
  sort_order_id = 140,
  first_row_id = 142,
  referenced_data_file = 143,
  content_offset = 144,
  content_size = 145,
};

/// Field ids of manifest lists (spec, "Manifest Lists").
enum class manifest_list_field : std::int32_t {
  manifest_path = 500,
  manifest_length = 501,
  partition_spec_id = 502,
  added_snapshot_id = 503,
  added_files_count = 504,
  existing_files_count = 505,
  deleted_files_count = 506,
  partitions = 507,
  contains_null = 509,
  lower_bound = 510,
  upper_bound = 511,
  added_rows_count = 512,
  existing_rows_count = 513,
  deleted_rows_count = 514,
  sequence_number = 515,
  min_sequence_number = 516,
  content = 517,
  contains_nan = 518,
  key_metadata = 519,
  first_row_id = 520,
};

/// The id of a field by its name, in a manifest or manifest list whose schema has no field ids. Partition fields are
/// not among them.
std::optional<std::int32_t> manifest_field_id(std::string_view name) noexcept;
std::optional<std::int32_t> manifest_list_field_id(std::string_view name) noexcept;

/// The Avro schema, as JSON, of the manifests that we write. `partition_types` are the result types of the spec's
/// fields in order. Version 2 or 3. A type without values (unknown) is Avro's null.
std::string manifest_schema_text(int format_version, const partition_spec &spec,
                                 const std::vector<type> &partition_types);
/// The same of manifest lists.
std::string manifest_list_schema_text(int format_version);

/// How many bytes the fixed of a decimal takes.
int decimal_bytes(int precision) noexcept;

/// A name that Avro allows: characters other than letters, digits and underscores become "_x" and their code in
/// hexadecimal, a leading digit gets an underscore before it.
std::string avro_name(std::string_view name);

}  // namespace evodb
