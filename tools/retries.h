#pragma once

#include <string>

#include "api.h"

namespace tool {

/// Listens to a runtime that is opened with these options. A person at a terminal is told now and then that requests are
/// tried again, and why; programs are not.
void listen_to_retries(const options_handle &runtime_options);
/// Why the last one was; empty if there was none.
std::string last_retry_reason();

}  // namespace tool
