#pragma once

#include <cstdint>
#include <vector>

#include "model/data_files.h"
#include "model/partition_spec.h"
#include "model/schema.h"

namespace evodb {

/// Looks over whole columns for files whose counts, sizes, split offsets or bounds described_files may refuse: 1 for
/// each such row, 0 for one that it surely accepts. Rows of values that are rare enough to be looked at one by one are
/// among the former. All statistics must be of the schema's columns; partitions are those of the spec, and are not
/// looked at by themselves.
std::vector<std::uint8_t> suspect_rows(const data_files &files, const schema &columns, const partition_spec &spec);

}  // namespace evodb
