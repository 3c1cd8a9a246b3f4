#include "table/metadata_tables/metadata_table.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/error.h"
#include "table/diff/stored_snapshot.h"
#include "table/manifests/snapshot_manifests.h"
#include "table/metadata_tables/files_table.h"
#include "table/metadata_tables/manifests_table.h"
#include "table/metadata_tables/partitions_table.h"
#include "table/metadata_tables/snapshot_tables.h"

namespace evodb {
namespace {

constexpr std::array<std::pair<std::string_view, metadata_table>, 6> metadata_table_names{
    {{"snapshots", metadata_table::snapshots},
     {"history", metadata_table::history},
     {"refs", metadata_table::refs},
     {"files", metadata_table::files},
     {"manifests", metadata_table::manifests},
     {"partitions", metadata_table::partitions}}};

}  // namespace

metadata_table metadata_table_from(std::string_view name) {
  for (const auto &[known, which] : metadata_table_names) {
    if (name == known) return which;
  }
  fail(status::INVALID_ARGUMENT,
       fmt::format("no metadata table is named '{}': there are snapshots, history, refs, files, manifests, partitions",
                   name));
}

bool is_of_snapshot(metadata_table which) noexcept {
  return which == metadata_table::files || which == metadata_table::manifests || which == metadata_table::partitions;
}

task<std::shared_ptr<const row_set>> read_metadata_table(table of, metadata_table which, scan_request at) {
  std::shared_ptr<const manifest_files> manifests;
  if (is_of_snapshot(which)) {
    const chosen_snapshot chosen = choose_snapshot(*of.metadata(), at);
    check_stored(of, chosen.at.get());
    manifests = co_await manifests_of(*of.context(), chosen.at);
  }
  row_set rows;
  switch (which) {
    case metadata_table::snapshots:
      rows = snapshots_table(of);
      break;
    case metadata_table::history:
      rows = history_table(of);
      break;
    case metadata_table::refs:
      rows = refs_table(of);
      break;
    case metadata_table::files:
      rows = files_table(of, std::move(manifests));
      break;
    case metadata_table::manifests:
      rows = manifests_table(of, std::move(manifests));
      break;
    case metadata_table::partitions:
      rows = partitions_table(of, std::move(manifests));
      break;
  }
  rows.environment = of.context()->storage()->runtime();
  co_return std::make_shared<const row_set>(std::move(rows));
}

}  // namespace evodb
