#pragma once

#include <cstdint>

namespace evodb {

/// Field ids of the columns of a position delete file (spec, "Reserved Field IDs"), which no table's schema has.
inline constexpr std::int32_t delete_file_path_id = 2147483546;
inline constexpr std::int32_t delete_position_id = 2147483545;

}  // namespace evodb
