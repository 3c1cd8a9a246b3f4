#include "table/operations/overwrite.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/error.h"
#include "table/snapshots/file_matcher.h"
#include "table/snapshots/snapshot_operation.h"

namespace evodb {
namespace {

bool has_files(const std::shared_ptr<const table_files> &files) {
  return files && files->count() > 0;
}

/// Otherwise rows would appear in the table that the filter does not take away when it is done again.
void check_covered(const table &of, const predicate_ptr &filter, const table_files &added) {
  file_matcher matcher = file_matcher::with_rows_of(filter, *of.metadata());
  for (const auto &batch : added.batches) {
    std::vector<std::uint8_t> covered(batch->size(), 1);
    matcher.keep_covered(*batch, covered);
    const auto other = std::find(covered.begin(), covered.end(), 0);
    if (other == covered.end()) continue;
    fail(status::INVALID_ARGUMENT, "an added file may have rows that the filter does not match",
         std::string(batch->path(static_cast<std::size_t>(other - covered.begin()))));
  }
}

table replace(const table &of, file_changes changes, const file_operation_options &options, conflict_rules rules) {
  snapshot_plan plan = plan_snapshot(of, changes.added ? "overwrite" : "delete", options);
  return of.with(std::make_shared<snapshot_operation>(of, std::move(changes), std::move(plan), std::move(rules)));
}

}  // namespace

table overwrite(const table &of, const predicate_ptr &filter, std::shared_ptr<const table_files> added,
                const file_operation_options &options) {
  file_changes changes;
  changes.removed.filter = filter ? filter : always_true();
  if (has_files(added)) changes.added = std::move(added);
  file_matcher::with_rows_of(changes.removed.filter, *of.metadata());  // refuses a filter that does not fit
  if (changes.added) check_covered(of, changes.removed.filter, *changes.added);
  conflict_rules rules;
  rules.within = options.conflict_filter ? options.conflict_filter : changes.removed.filter;
  rules.refuse_added_data = options.level == isolation::serializable;
  rules.refuse_added_deletes = true;
  rules.refuse_removed_data = true;
  return replace(of, std::move(changes), options, std::move(rules));
}

table overwrite_files(const table &of, const std::vector<std::string> &paths, std::shared_ptr<const table_files> added,
                      const file_operation_options &options) {
  file_changes changes;
  changes.removed.paths = paths_in_manifests(of, paths);
  if (has_files(added)) changes.added = std::move(added);
  conflict_rules rules;
  rules.within = options.conflict_filter;
  rules.refuse_added_data = options.level == isolation::serializable;
  rules.refuse_deletes_of_removed = true;
  return replace(of, std::move(changes), options, std::move(rules));
}

table delete_where(const table &of, const predicate_ptr &filter, const file_operation_options &options) {
  return overwrite(of, filter, nullptr, options);
}

table delete_files(const table &of, const std::vector<std::string> &paths, const file_operation_options &options) {
  file_changes changes;
  changes.removed.paths = paths_in_manifests(of, paths);
  conflict_rules rules;
  rules.within = options.conflict_filter;
  rules.refuse_added_data = options.conflict_filter && options.level == isolation::serializable;
  return replace(of, std::move(changes), options, std::move(rules));
}

}  // namespace evodb
