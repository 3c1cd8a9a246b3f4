#pragma once

#include <cstddef>
#include <string_view>

#include "base/bytes.h"
#include "model/data_files.h"
#include "model/position_delete_columns.h"

namespace evodb {

/// The data file that a delete file is of alone: that which it refers to, or that which the bounds of its paths leave. Empty
/// where there may be several.
std::string_view only_data_file(const data_files &files, std::size_t row);

/// Whether position deletes in a file of their own may be of rows of that data file: by only_data_file, or else by their partition (a spec_partition_key) and the bounds of their paths.
bool position_deletes_may_be_of(const data_files &files, std::size_t row, std::string_view path,
                                const bytes &partition);

}  // namespace evodb
