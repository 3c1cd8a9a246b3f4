#pragma once

#include <memory>
#include <string>

#include "io/byte_source.h"
#include "runtime/runtime.h"

namespace evodb {

/// A local file as it is now: if it is cut while it is read, that fails. `path` is absolute. Throws NOT_FOUND where there
/// is none, INVALID_ARGUMENT when something else than a file is there, otherwise as system_failure says.
task<std::shared_ptr<byte_source>> open_local_source(std::shared_ptr<runtime> environment, std::string path);

}  // namespace evodb
