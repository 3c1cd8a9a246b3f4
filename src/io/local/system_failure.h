#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace evodb {

/// What a system call's errno means to callers: out of space, quota or another limit is RESOURCE_EXHAUSTED; missing
/// rights are ACCESS_DENIED; a path that can never work is INVALID_ARGUMENT; everything else is STORAGE_UNAVAILABLE.
/// `action` is what could not be done ("open the file").
error system_failure(int code, std::string_view action, std::string path);
[[noreturn]] void fail_system(int code, std::string_view action, std::string path);

}  // namespace evodb
