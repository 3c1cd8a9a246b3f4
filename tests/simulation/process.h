#pragma once

#include <memory>
#include <string>

#include "simulation/network.h"
#include "simulation/simulated_runtime.h"
#include "table/open_tables.h"
#include "table/table.h"

namespace evodb::simulation {

inline constexpr std::string_view table_name = "t";

/// A process with the library in it: its runtime, its view of the store, what it has seen of tables. A crash loses all
/// of it.
struct process {
  process(world &in, network &through, std::chrono::milliseconds clock_error);

  process_id id;
  std::shared_ptr<simulated_runtime> environment;
  std::shared_ptr<open_tables> tables;

  /// The same process as if it had just been started: it has seen no table.
  std::shared_ptr<open_tables> new_tables() const;
};

}  // namespace evodb::simulation
