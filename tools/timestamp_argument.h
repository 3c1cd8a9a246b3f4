#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tool {

/// Reads a time: "YYYY-MM-DD", optional "T" or space and "HH:MM[:SS[.fraction]]", optional "Z" or "±HH:MM" (UTC without
/// one), or epoch milliseconds as digits alone. Throws failure (INVALID_ARGUMENT) with the expected format.
std::int64_t parse_timestamp(std::string_view text);

/// The system's clock, in epoch milliseconds.
std::int64_t now_ms();

/// "2013-07-01 05:00:00.000 UTC".
std::string timestamp_text(std::int64_t epoch_ms);

}  // namespace tool
