#include "table/scan/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "model/inherited_entries.h"
#include "runtime/run_on.h"
#include "table/manifests/snapshot_manifests.h"
#include "table/scan/spec_pruning.h"

namespace evodb {
namespace {

/// A file's partition and path are resolved through the spec it was written with; a spec may use columns that are gone
/// since.
class prunings {
 public:
  prunings(const table_metadata &metadata, bound_ptr filter) : metadata_(metadata), filter_(std::move(filter)) {}

  std::shared_ptr<const spec_pruning> of(std::int32_t spec_id) {
    std::shared_ptr<const spec_pruning> &known = by_spec_[spec_id];
    if (!known) {
      const partition_spec *spec = metadata_.find_spec(spec_id);
      if (spec == nullptr)
        fail(status::CORRUPT, fmt::format("a manifest has partition spec {}, which the table does not have", spec_id),
             metadata_.location);
      known = std::make_shared<const spec_pruning>(filter_, *spec, schema_with_sources(*spec));
    }
    return known;
  }

 private:
  /// The current schema, unless it lost a column that the spec is made from: then the newest schema that has all of
  /// them.
  std::shared_ptr<const schema> schema_with_sources(const partition_spec &spec) const {
    auto has_all = [&](const schema &columns) {
      return std::all_of(spec.fields.begin(), spec.fields.end(), [&](const partition_field &field) {
        return field.transform.kind == transform::kind::void_ || columns.find(field.source_id()) != nullptr;
      });
    };
    if (has_all(*metadata_.current_schema())) return metadata_.current_schema();
    for (auto known = metadata_.schemas.rbegin(); known != metadata_.schemas.rend(); ++known) {
      if (has_all(**known)) return *known;
    }
    return metadata_.current_schema();
  }

  const table_metadata &metadata_;
  bound_ptr filter_;
  std::map<std::int32_t, std::shared_ptr<const spec_pruning>> by_spec_;
};

/// A snapshot that is not stored yet, and what it does.
struct uncommitted_snapshot {
  std::shared_ptr<const snapshot> made;
  const file_changes *changes;
};

/// The uncommitted snapshots on the way back from a snapshot, which is left at the newest one that is stored.
std::vector<uncommitted_snapshot> find_uncommitted(const table &of, std::shared_ptr<const snapshot> &at) {
  std::unordered_map<std::int64_t, const file_changes *> by_snapshot;
  for (const auto &change : of.uncommitted()) {
    if (const file_changes *files = change->operation().files()) by_snapshot.emplace(*change->snapshot_id(), files);
  }
  std::vector<uncommitted_snapshot> found;
  while (at && at->manifest_list.empty()) {
    const auto made = by_snapshot.find(at->snapshot_id);
    if (made == by_snapshot.end()) break;
    found.push_back({at, made->second});
    at = at->parent_snapshot_id ? of.metadata()->find_snapshot(*at->parent_snapshot_id) : nullptr;
  }
  return found;
}

}  // namespace

chosen_snapshot choose_snapshot(const table_metadata &metadata, const scan_request &request) {
  if (request.snapshot_id.has_value() + request.as_of_ms.has_value() + request.ref.has_value() > 1) {
    fail(status::INVALID_ARGUMENT, "at most one of a snapshot id, a time and a ref chooses the snapshot");
  }
  chosen_snapshot chosen;
  if (request.snapshot_id) {
    chosen.at = metadata.find_snapshot(*request.snapshot_id);
    if (!chosen.at)
      fail(status::NOT_FOUND, fmt::format("the table has no snapshot {}", *request.snapshot_id), metadata.location);
  } else if (request.as_of_ms) {
    chosen.at = metadata.snapshot_as_of(*request.as_of_ms);
  } else if (request.ref) {
    const auto ref = metadata.refs.find(*request.ref);
    if (ref == metadata.refs.end())
      fail(status::NOT_FOUND, fmt::format("the table has no branch or tag {}", *request.ref), metadata.location);
    chosen.at = metadata.find_snapshot(ref->second.snapshot_id);
    if (ref->second.is_branch) {
      chosen.read_schema = metadata.current_schema();
      return chosen;
    }
  } else {
    chosen.at = metadata.current_snapshot();
    chosen.read_schema = metadata.current_schema();
    return chosen;
  }
  chosen.read_schema = metadata.schema_of(chosen.at.get());
  return chosen;
}

task<std::shared_ptr<const plan>> plan_scan(table of, scan_request request) {
  const table_metadata &metadata = *of.metadata();
  chosen_snapshot chosen = choose_snapshot(metadata, request);
  bound_ptr filter =
      evodb::bind(request.filter ? request.filter : always_true(), *chosen.read_schema, request.nan_is_highest);
  prunings by_spec(metadata, filter);
  std::shared_ptr<const snapshot> stored = chosen.at;
  const std::vector<uncommitted_snapshot> uncommitted = find_uncommitted(of, stored);
  const std::shared_ptr<const manifest_files> manifests = co_await manifests_of(*of.context(), stored);
  auto find_sources = [&] {
    std::vector<plan::source> sources;
    for (const uncommitted_snapshot &one : uncommitted) {
      for (const auto &batch : one.changes->added->batches) {
        plan::source source;
        source.uncommitted = added_entries(*batch);
        source.manifest.added_snapshot_id = one.made->snapshot_id;
        source.manifest.sequence_number = one.made->sequence_number;
        source.pruning = by_spec.of(batch->spec_id);
        sources.push_back(std::move(source));
      }
    }
    for (const manifest_file &manifest : *manifests) {
      if (!manifest.has_live_files()) continue;
      if (manifest.content == manifest_content::deletes) {
        fail(status::UNSUPPORTED,
             fmt::format("snapshot {} has delete files: its data files alone would give wrong rows",
                         stored->snapshot_id),
             manifest.manifest_path);
      }
      plan::source source;
      source.manifest = manifest;
      source.pruning = by_spec.of(manifest.partition_spec_id);
      source.is_skipped = !source.pruning->summaries().may_match(manifest);
      sources.push_back(std::move(source));
    }
    return sources;
  };
  std::vector<plan::source> sources = co_await run_on(of.context()->runtime().cpu(), find_sources);
  co_return std::make_shared<const plan>(of.context(), std::move(chosen), std::move(filter), std::move(sources),
                                         request.limit);
}

}  // namespace evodb
