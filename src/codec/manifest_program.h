#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "codec/avro_schema.h"
#include "codec/manifest_partition.h"
#include "codec/manifest_schema.h"
#include "model/partition_spec.h"
#include "model/type.h"

namespace evodb {

/// What to decode besides what always is (path, format, content, record count, size, partition, status, sequence
/// numbers).
struct manifest_columns_wanted {
  bool all_metrics = false;
  std::vector<std::int32_t>
      bounds_and_counts_of;   ///< field ids, for pruning: value, null and nan counts and both bounds
  bool column_sizes = false;  ///< only with all_metrics
  bool details = false;       ///< split offsets, equality ids, key metadata, sort order, first row id, referenced file,
                              ///< content offset and size
  bool live_only = true;      ///< leave DELETED entries out

  static manifest_columns_wanted all() {
    manifest_columns_wanted wanted;
    wanted.all_metrics = wanted.column_sizes = wanted.details = true;
    return wanted;
  }
  bool any_metrics() const noexcept { return all_metrics || !bounds_and_counts_of.empty(); }
};

/// One step of decoding an entry. Steps follow the writer's order of fields, nested records in place.
struct manifest_step {
  enum class action : std::uint8_t {
    read,            ///< the field `field`
    read_partition,  ///< the partition value number `index`
    enter,           ///< an optional record, `field`: when it is null, the next `index` steps are left out
    skip,            ///< a value of `type`
    skip_counts,     ///< an array of pairs of two varints
    skip_bounds,     ///< an array of pairs of a varint and bytes
  };
  action what = action::skip;
  manifest_field field = manifest_field::status;
  std::int8_t null_branch = -1;
  std::int8_t item_null_branch = -1;  ///< of a list: null_branch of its elements
  bool plain_pairs = false;           ///< of a map: its pairs are an int and then a value, both required
  std::uint32_t index = 0;
  const avro_type *type = nullptr;  ///< the writer's, without its union with null
  partition_conversion conversion;
};

/// A writer's schema turned into steps for one reader. Fields are found by field id, or by name where the schema has no
/// ids. Immutable; points into the schema.
struct manifest_program {
  std::vector<manifest_step> steps;
  std::vector<std::uint32_t> unknown_partition_fields;  ///< absent, or of a type that is not the field's
  std::uint64_t least_entry_bytes = 1;
  bool has_sequence_numbers = false;  ///< version 1 has none
  bool has_file_sequence_numbers = false;
};

/// Throws CORRUPT naming `subject` and the field when a required field is missing, appears twice, or has a type that it
/// cannot have. Statistics in another form than the spec's, partition values that cannot be read as those of their
/// field's result type, and the partition values of fields that the manifest lacks are not known.
manifest_program compile_manifest_program(const avro_schema &schema, const partition_spec &spec,
                                          const std::vector<type> &partition_types,
                                          const manifest_columns_wanted &wanted, std::string_view subject);

/// The position of the key and the value among a pair's fields, by id, name or order; throws as compile does.
struct pair_fields {
  std::size_t key = 0;
  std::size_t value = 1;
};
pair_fields pair_fields_of(const avro_type &pair);

}  // namespace evodb
