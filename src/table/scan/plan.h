#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "expression/bind.h"
#include "expression/predicate.h"
#include "model/partition_spec.h"
#include "model/table_metadata.h"
#include "runtime/task.h"
#include "table/scan/scan_source.h"
#include "table/table.h"

namespace evodb {

/// What to plan. At most one of snapshot_id, as_of_ms and ref; none: the current snapshot.
struct scan_request {
  std::optional<std::int64_t> snapshot_id;
  std::optional<std::int64_t> as_of_ms;
  std::optional<std::string> ref;
  predicate_ptr filter;         ///< null: every file
  bool nan_is_highest = false;  ///< as bound_predicate has it
  std::int64_t limit = -1;      ///< at most so many files; -1: all
  bool with_deletes = false;    ///< the caller applies the delete files of each data file
};

struct chosen_snapshot {
  std::shared_ptr<const snapshot> at;  ///< null: the table has none yet
  std::shared_ptr<const schema>
      read_schema;  ///< a branch is read with the current schema, everything else with its own
};

/// Throws NOT_FOUND when there is no such snapshot, INVALID_ARGUMENT when more than one is asked for.
chosen_snapshot choose_snapshot(const table_metadata &metadata, const scan_request &request);

class delete_index;

/// A scan, planned down to the manifests: the snapshot, the filter bound to its schema, what to read, and the delete files
/// that apply to it. Shared, immutable.
class plan {
 public:
  plan(std::shared_ptr<table_context> context, chosen_snapshot chosen, bound_ptr filter,
       std::vector<scan_source> sources, std::shared_ptr<const delete_index> deletes, const scan_request &request)
      : context_(std::move(context)),
        chosen_(std::move(chosen)),
        filter_(std::move(filter)),
        sources_(std::move(sources)),
        deletes_(std::move(deletes)),
        limit_(request.limit),
        with_deletes_(request.with_deletes) {}

  const std::shared_ptr<table_context> &context() const noexcept { return context_; }
  const std::shared_ptr<const snapshot> &at() const noexcept { return chosen_.at; }
  const std::shared_ptr<const schema> &read_schema() const noexcept { return chosen_.read_schema; }
  const bound_ptr &filter() const noexcept { return filter_; }
  const std::vector<scan_source> &sources() const noexcept { return sources_; }
  std::int64_t limit() const noexcept { return limit_; }
  /// Whether the caller asked for delete files.
  bool with_deletes() const noexcept { return with_deletes_; }
  /// Null where the snapshot has none.
  const std::shared_ptr<const delete_index> &deletes() const noexcept { return deletes_; }

 private:
  std::shared_ptr<table_context> context_;
  chosen_snapshot chosen_;
  bound_ptr filter_;
  std::vector<scan_source> sources_;
  std::shared_ptr<const delete_index> deletes_;
  std::int64_t limit_;
  bool with_deletes_;
};

/// Reads the manifest list and prunes by its summaries; with deletes, reads the manifests of delete files, too. Throws
/// UNSUPPORTED when the snapshot has live delete files and the caller did not ask for them.
task<std::shared_ptr<const plan>> plan_scan(table of, scan_request request);

}  // namespace evodb
