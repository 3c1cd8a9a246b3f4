#pragma once

namespace tool {

/// From now on the first SIGINT or SIGTERM is recorded instead of ending the program; the second one ends it.
void handle_interruptions();
/// Whether there was one since the last call.
bool take_interruption() noexcept;

}  // namespace tool
