#include "table/scan/plan.h"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "model/inherited_entries.h"
#include "runtime/run_on.h"
#include "table/manifests/snapshot_manifests.h"
#include "table/manifests/spec_prunings.h"
#include "table/scan/read_deletes.h"

namespace evodb {
namespace {

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
    if (!made->second->only_add_data()) {
      fail(status::UNSUPPORTED,
           fmt::format("snapshot {} ({}) removes files or rows and is not committed: commit it, and plan then",
                       at->snapshot_id, at->operation()),
           of.metadata()->location);
    }
    found.push_back({at, made->second});
    at = at->parent_snapshot_id ? of.metadata()->find_snapshot(*at->parent_snapshot_id) : nullptr;
  }
  return found;
}

[[noreturn]] void refuse_deletes(const snapshot &of, const std::vector<scan_source> &from) {
  std::int64_t files = 0;
  bool all_counted = true;
  for (const scan_source &one : from) {
    files += one.manifest.live_files();
    all_counted &= one.manifest.added_files_count.has_value() && one.manifest.existing_files_count.has_value();
  }
  const std::string count =
      all_counted ? fmt::format("{}", files) : fmt::format("{} or more", std::max<std::int64_t>(files, 1));
  fail(
      status::UNSUPPORTED,
      fmt::format("snapshot {} has {} delete file{}: its data files alone would give wrong rows; a reader that applies "
                  "delete files plans with \"plan.with-deletes\"",
                  of.snapshot_id, count, count == "1" ? "" : "s"),
      from.front().manifest.manifest_path);
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
  spec_prunings by_spec(metadata, filter);
  std::shared_ptr<const snapshot> stored = chosen.at;
  const std::vector<uncommitted_snapshot> uncommitted = find_uncommitted(of, stored);
  const std::shared_ptr<const manifest_files> manifests = co_await manifests_of(*of.context(), stored);
  std::vector<scan_source> delete_sources;
  auto find_sources = [&] {
    std::vector<scan_source> sources;
    for (const uncommitted_snapshot &one : uncommitted) {
      for (const auto &batch : one.changes->added->batches) {
        scan_source source;
        source.uncommitted = added_entries(*batch);
        source.manifest.added_snapshot_id = one.made->snapshot_id;
        source.manifest.sequence_number = one.made->sequence_number;
        source.pruning = by_spec.of(batch->spec_id);
        sources.push_back(std::move(source));
      }
    }
    for (const manifest_file &manifest : *manifests) {
      if (!manifest.has_live_files()) continue;
      scan_source source;
      source.manifest = manifest;
      source.pruning = by_spec.of(manifest.partition_spec_id);
      const bool is_of_deletes = manifest.content == manifest_content::deletes;
      const bool is_global = is_of_deletes && source.pruning->spec().is_unpartitioned();
      source.is_skipped = !is_global && !source.pruning->summaries().may_match(manifest);
      (is_of_deletes ? delete_sources : sources).push_back(std::move(source));
    }
    if (!request.with_deletes && !delete_sources.empty()) refuse_deletes(*stored, delete_sources);
    return sources;
  };
  std::vector<scan_source> sources = co_await run_on(of.context()->runtime().cpu(), find_sources);
  std::shared_ptr<const delete_index> deletes =
      co_await read_deletes(of.context(), metadata, std::move(delete_sources));
  co_return std::make_shared<const plan>(of.context(), std::move(chosen), std::move(filter), std::move(sources),
                                         std::move(deletes), request);
}

}  // namespace evodb
