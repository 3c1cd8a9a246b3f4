#pragma once

#include <cstddef>

#include "base/bytes.h"
#include "model/data_files.h"

namespace evodb {

/// Text that two files have in common if and only if they are in the same partition of the same spec: floats are equal by
/// their bits, all NaN are one. A value that is not known is like no other value.
bytes partition_key(const data_files &files, std::size_t row);

}  // namespace evodb
