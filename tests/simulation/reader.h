#pragma once

#include <functional>
#include <memory>
#include <string>

#include "simulation/process.h"

namespace evodb::simulation {

/// Reads the table as engines do: takes the hint for the truth, goes upwards from there, and opens the current
/// snapshot's manifests. `violate` hears of a hint at nothing, and of files that are not there. Ends after `rounds`.
task<> read(std::shared_ptr<process> self, int rounds, std::function<void(std::string)> violate);

}  // namespace evodb::simulation
