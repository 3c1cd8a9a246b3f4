#pragma once

#include <cstdint>
#include <string>

#include "api.h"

namespace tool {

/// Listens to a runtime that is opened with these options. The first request that is tried again for longer than a moment
/// is warned of on standard error, with the reason and how long it may go on (`timeout_ms` at most; -1: no limit of the caller's); a person at a
/// terminal is kept up to date from then on. A server that keeps its first answer back for five seconds is named, once.
void listen_to_retries(const options_handle &runtime_options, bool as_json, std::int64_t timeout_ms);
/// Why the last one was; empty if there was none.
std::string last_retry_reason();

}  // namespace tool
