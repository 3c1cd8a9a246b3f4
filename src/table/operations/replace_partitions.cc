#include "table/operations/replace_partitions.h"

#include <utility>

#include "base/error.h"
#include "table/snapshots/snapshot_operation.h"

namespace evodb {

table replace_partitions(const table &of, std::shared_ptr<const table_files> added,
                         const file_operation_options &options) {
  if (added->count() == 0) fail(status::INVALID_ARGUMENT, "no files, so no partitions to replace");
  file_changes changes;
  changes.added = std::move(added);
  changes.removed.partitions_of_added = true;
  conflict_rules rules;
  rules.within = options.conflict_filter;
  rules.refuse_added_data = options.level == isolation::serializable;
  rules.refuse_added_deletes = true;
  rules.refuse_removed_data = true;
  snapshot_plan plan = plan_snapshot(of, "overwrite", options);
  plan.summary.emplace_back("replace-partitions", "true");
  return of.with(std::make_shared<snapshot_operation>(of, std::move(changes), std::move(plan), std::move(rules)));
}

}  // namespace evodb
