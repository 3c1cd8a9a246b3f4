#pragma once

#include <memory>
#include <string>

#include "simulation/ledger.h"
#include "simulation/network.h"
#include "simulation/simulated_runtime.h"
#include "table/open_tables.h"
#include "table/table.h"

namespace evodb::simulation {

inline constexpr std::string_view table_name = "t";

/// A process with the library in it: its runtime, its view of the store, what it knows of tables. A crash loses all of
/// it.
struct process {
  process(world &in, network &through, std::chrono::milliseconds clock_error);

  process_id id;
  std::shared_ptr<simulated_runtime> environment;
  std::shared_ptr<open_tables> tables;
};

/// A table of one column without partitions, not committed.
table new_table(process &of);
/// One more file, named by the change.
table with_file(const table &of, const std::string &label);

/// What a writer does: opens the table and appends, from the newest value or from an old one, one change or two at a
/// time; after UNKNOWN it commits the same value again, or gives up. Ends after `commits` changes.
task<> write(std::shared_ptr<process> self, ledger &told, int commits, std::chrono::nanoseconds longest_pause);

}  // namespace evodb::simulation
