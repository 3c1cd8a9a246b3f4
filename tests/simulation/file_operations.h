#pragma once

#include <string>
#include <vector>

#include "runtime/task.h"
#include "simulation/file_model.h"
#include "simulation/world.h"
#include "table/table.h"

namespace evodb::simulation {

/// Partitions of the simulated table, from 0 on.
inline constexpr int partitions = 4;

/// The value with one more operation on files, which its snapshot says of itself. `label` is in the summary, too.
table with_step(const table &of, file_step step, const std::string &label);

/// What the value's last committed snapshot of main holds, as its manifests say.
task<held_files> read_held_files(table of);

/// An operation by chance, on files that are held. An append where there are none that it could remove.
file_step choose_step(world &in, const held_files &held, const std::string &label);

}  // namespace evodb::simulation
