#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "simulation/ledger.h"
#include "simulation/process.h"

namespace evodb::simulation {

/// Kinds of changes, as their labels begin.
inline constexpr const char *append_kind = "append";
inline constexpr const char *property_kind = "property";
inline constexpr const char *column_kind = "column";
inline constexpr const char *step_kind = "step";  ///< an operation on files by chance

/// Which changes a writer makes. Appends and columns make all later metadata longer.
struct change_shares {
  double property = 0.14;
  double column = 0.06;
  double step = 0;  ///< what remains are appends
};

/// The property that a change of that kind sets to its label. Few enough to bound the metadata, and enough that no two
/// changes of one version set the same.
std::string property_of(const std::string &label);

/// A table of two columns, partitioned by one, not committed. Its commits expire snapshots beyond that many; 0: none.
table new_table(process &of, int max_snapshots);

/// The value with one more change, of the kind that its label says.
table with_change(const table &of, const std::string &label);

/// What a writer does: opens the table and changes it, from the newest value or from an old one, one change or two at a
/// time; after UNKNOWN it commits the same value again, resolves the token, or gives up. Ends after `commits` changes.
task<> write(std::shared_ptr<process> self, ledger &told, int commits, change_shares shares,
             std::chrono::nanoseconds longest_pause);

/// A writer that numbers its appends: until one is reported as committed it does it again under its key, with the
/// value that it has or anew. Goes on where the application stood, so that it can be started again after a crash, and
/// beside another one of its kind.
task<> write_with_keys(std::shared_ptr<process> self, ledger &told, std::string application, int commits,
                       std::chrono::nanoseconds longest_pause);

}  // namespace evodb::simulation
