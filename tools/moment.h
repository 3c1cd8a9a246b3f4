#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tool {

/// Reads a time: "YYYY-MM-DD", optional "T" or space and "HH:MM[:SS[.fraction]]", optional "Z" or "±HH:MM" (UTC without
/// one), or epoch milliseconds as digits alone. Throws failure (INVALID_ARGUMENT) saying what was expected.
std::int64_t parse_moment(std::string_view text);

/// The system's clock, in epoch milliseconds.
std::int64_t now_ms();

/// "2013-07-01 05:00:00.000 UTC".
std::string moment_text(std::int64_t epoch_ms);

/// "500ms", "30s", "2m", "1h" or several from the largest unit down, "1h30m", as milliseconds. Throws failure.
std::int64_t parse_duration(std::string_view text);

}  // namespace tool
