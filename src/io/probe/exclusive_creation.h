#pragma once

#include "io/storage.h"

namespace evodb {

/// Throws UNSAFE_STORE unless the store creates objects exclusively: by construction, or as a probe with an object
/// `.probe-…` in `folder` has shown once. Any other error says why that object could not be written.
task<> require_exclusive_creation(const storage &where, location folder);

}  // namespace evodb
