#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace evodb {

/// Epoch milliseconds of "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, IMF-fixdate); null for anything else.
std::optional<std::int64_t> read_http_date(std::string_view text) noexcept;

}  // namespace evodb
