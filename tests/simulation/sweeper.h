#pragma once

#include <memory>

#include "simulation/process.h"

namespace evodb::simulation {

/// Removes orphans: manifests and manifest lists that are older than three days by the store's clock, and to which no
/// snapshot of the table refers.
task<> sweep_once(process &self);

/// Does so `rounds` times, with pauses.
task<> sweep(std::shared_ptr<process> self, int rounds);

}  // namespace evodb::simulation
