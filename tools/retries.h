#pragma once

#include <cstdint>
#include <string>

#include "api.h"

namespace tool {

/// Observes a runtime that is opened with these options, and warns on standard error of the first request that is tried
/// again for more than some seconds, with the reason and how long that may go on (at most `timeout_ms`; -1: no limit of
/// the caller's); on a terminal, later retries are reported too. A server whose first response takes five seconds is
/// named, once.
void report_retries(const options_handle &runtime_options, bool as_json, std::int64_t timeout_ms);
/// The reason of the last retry; empty if there was none.
std::string last_retry_reason();

}  // namespace tool
