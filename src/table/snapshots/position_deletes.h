#pragma once

#include <cstddef>
#include <string_view>

#include "base/bytes.h"
#include "model/data_files.h"
#include "model/position_delete_columns.h"

namespace evodb {

/// Whether position deletes in a file of their own may be of rows of that data file: by the data file that they refer to, or
/// else by their partition (a spec_partition_key) and the bounds of their paths.
bool position_deletes_may_be_of(const data_files &files, std::size_t row, std::string_view path,
                                const bytes &partition);

}  // namespace evodb
