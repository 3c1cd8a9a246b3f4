#pragma once

#include <functional>

#include "runtime/task.h"
#include "simulation/world.h"

namespace evodb::simulation {

/// The first call has the waiting coroutine go on; later ones do nothing.
using waker = std::function<void()>;

/// Gives `begin` what wakes this coroutine of a process, and waits until it is called. Ends early with CANCELLED when
/// the operation is cancelled.
task<> wait_in_world(world &in, process_id of, std::function<void(waker)> begin);

}  // namespace evodb::simulation
