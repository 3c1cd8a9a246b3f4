#pragma once

#include <cstddef>
#include <string>

#include "model/data_files.h"

namespace evodb {

/// Replaces `key` by a key of the row's partition: two of one partition spec are equal where the partitions are. Floats
/// are compared by their bits, so that the two zeroes differ, but every NaN is the same. Values that are not known are equal to
/// one another alone; false if there is one.
bool partition_key(const data_files &files, std::size_t row, std::string &key);
/// The same with the partition spec, so that files of different specs are in different partitions.
std::string spec_partition_key(const data_files &files, std::size_t row);

}  // namespace evodb
