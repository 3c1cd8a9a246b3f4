#pragma once

#include <memory>

#include "simulation/process.h"

namespace evodb::simulation {

/// Deletes old versions of the table, as the commit protocol allows it: by the store's clock, older than a day, below
/// the newest but a few and below the hint, ascending, each one confirmed before the next.
task<> clean_once(process &self);

/// Does so `rounds` times, with pauses.
task<> clean(std::shared_ptr<process> self, int rounds);

}  // namespace evodb::simulation
