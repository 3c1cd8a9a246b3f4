#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "codec/avro_decoder.h"
#include "codec/avro_schema.h"
#include "model/data_files.h"
#include "model/partition_spec.h"
#include "model/type.h"

namespace evodb {

/// How a manifest's value of a partition field becomes one of the field's result type.
struct partition_conversion {
  std::int64_t multiplier = 1;  ///< of integers: from the unit of the manifest to that of the type
  bool is_narrow = false;       ///< of integers: the type has 32 bits
  bool to_text = false;         ///< of an unknown transform, whose values are compared for equality alone: their text
};

/// Decides by the Avro type and its logical type alone: dates and times in another unit are converted where each of
/// their values has an equal one. Nothing where it would be a guess what a value means.
std::optional<partition_conversion> partition_conversion_of(const avro_type &from, const partition_field &field,
                                                            const type &to);

/// Reads a value that is not null into the column, whose row says null so far. One that is no value of the column's
/// type is not known. Throws CORRUPT where it is none of Avro's.
void read_partition_value(avro_decoder &in, const avro_type &from, const partition_conversion &conversion,
                          value_column &column, std::size_t row, data_files &files);

}  // namespace evodb
