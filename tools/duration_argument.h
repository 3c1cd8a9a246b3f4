#pragma once

#include <cstdint>
#include <string_view>

namespace tool {

/// "500ms", "30s", "2m", "1h" or several from the largest unit down, "1h30m", as milliseconds. Throws failure.
std::int64_t parse_duration(std::string_view text);

}  // namespace tool
