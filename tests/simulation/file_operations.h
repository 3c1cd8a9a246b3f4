#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/task.h"
#include "simulation/file_model.h"
#include "simulation/world.h"
#include "table/table.h"

namespace evodb::simulation {

/// Partitions of the simulated table, from 0 on.
inline constexpr int partitions = 4;

/// The value with one more operation on files of a branch, which its snapshot says of itself. `label` is in the summary,
/// too.
table with_step(const table &of, file_step step, const std::string &label,
                const std::string &branch = table_metadata::main_branch);

/// Beside main.
inline constexpr const char *other_branch = "other";

/// A delete file that nobody wrote: only its entry is there.
bool is_made_up(std::string_view delete_file);

/// What the value's last committed snapshot of main holds, as its manifests say.
task<held_files> read_held_files(table of);

/// An operation by chance, on files that are held. An append where there are none that it could remove.
file_step choose_step(world &in, const held_files &held, const std::string &label);

}  // namespace evodb::simulation
