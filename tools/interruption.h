#pragma once

namespace tool {

/// From here on the first SIGINT or SIGTERM is remembered instead of ending the program; the second one ends it.
void heed_interruptions();
/// Whether there was one since this was asked last.
bool take_interruption() noexcept;

}  // namespace tool
