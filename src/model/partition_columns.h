#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "model/data_files.h"
#include "model/partition_spec.h"

namespace evodb {

/// Fills a batch's partition columns, which are empty yet, from a text for each row. `read` is called with the first row of
/// each distinct text, and gives the partition of all rows that have it; a value that is not known is null.
void read_partition_columns(const std::vector<std::string_view> &texts, data_files &into,
                            const std::function<partition_tuple(std::size_t row)> &read);

}  // namespace evodb
