#include "table/diff/stored_snapshot.h"

#include <fmt/format.h>

#include "base/error.h"

namespace evodb {

void check_stored(const table &of, const snapshot *one) {
  if (one == nullptr) return;
  for (const auto &change : of.uncommitted()) {
    if (change->snapshot_id() == one->snapshot_id) {
      fail(status::UNSUPPORTED,
           fmt::format("snapshot {} is not committed, so it has no manifests: commit first", one->snapshot_id),
           of.metadata()->location);
    }
  }
}

std::shared_ptr<const snapshot> stored_snapshot(const table &of, std::int64_t snapshot_id) {
  std::shared_ptr<const snapshot> found = of.metadata()->find_snapshot(snapshot_id);
  if (!found) {
    fail(status::NOT_FOUND, fmt::format("the table has no snapshot {}, or it has expired", snapshot_id),
         of.metadata()->location);
  }
  check_stored(of, found.get());
  return found;
}

std::shared_ptr<const snapshot> stored_or_current(const table &of, std::optional<std::int64_t> snapshot_id) {
  if (snapshot_id) return stored_snapshot(of, *snapshot_id);
  std::shared_ptr<const snapshot> current = of.metadata()->current_snapshot();
  check_stored(of, current.get());
  return current;
}

}  // namespace evodb
