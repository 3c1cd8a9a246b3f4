#include "table/operations/rewrite_files.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "table/snapshots/snapshot_operation.h"

namespace evodb {
namespace {

class rewrite_operation : public snapshot_operation {
 public:
  using snapshot_operation::snapshot_operation;

 protected:
  void check_totals(const file_totals &added, const file_totals &removed) const override {
    if (added.records <= removed.records) return;
    fail(status::INVALID_ARGUMENT,
         fmt::format("a rewrite keeps the rows as they are, but {} records would be added and {} removed",
                     added.records, removed.records));
  }
};

}  // namespace

table rewrite_files(const table &of, const std::vector<std::string> &paths, std::shared_ptr<const table_files> added,
                    std::optional<std::int64_t> data_sequence_number, const file_operation_options &options) {
  const std::int64_t last = of.base().metadata->last_sequence_number;  // those of uncommitted snapshots may change
  if (data_sequence_number && (*data_sequence_number < 0 || *data_sequence_number > last)) {
    fail(status::INVALID_ARGUMENT, fmt::format("the data sequence number {} is none of the table's, whose last is {}",
                                               *data_sequence_number, last));
  }
  file_changes changes;
  changes.removed.paths = paths_in_manifests(of, paths);
  if (added && added->count() > 0) changes.added = std::move(added);
  changes.data_sequence_number = data_sequence_number;
  conflict_rules rules;
  rules.refuse_deletes_of_removed = true;
  rules.ignore_equality_deletes = data_sequence_number.has_value();
  return of.with(std::make_shared<rewrite_operation>(of, std::move(changes), plan_snapshot(of, "replace", options),
                                                     std::move(rules)));
}

}  // namespace evodb
