#pragma once

namespace evodb {

/// Of the library, as the public header has it: for the files that it writes.
inline constexpr int version_major = 0, version_minor = 1, version_patch = 0;

}  // namespace evodb
