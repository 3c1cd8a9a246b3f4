#include "table/snapshots/conflicts.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "model/partition_key.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/manifests/manifest_reader.h"
#include "table/snapshots/file_matcher.h"
#include "table/snapshots/position_deletes.h"

namespace evodb {
namespace {

using snapshots = std::vector<std::shared_ptr<const snapshot>>;
using operation_names = std::initializer_list<std::string_view>;

[[noreturn]] void refuse(std::string_view what, std::string_view path, const snapshot &by) {
  fail(status::CONFLICT,
       fmt::format("snapshot {} ({}), which was committed first, {}: {}", by.snapshot_id, by.operation(), what, path),
       std::string(path));
}

using by_id = std::map<std::int64_t, const snapshot *>;

bool is_one_of(std::string_view operation, operation_names names) {
  return std::find(names.begin(), names.end(), operation) != names.end();
}

/// The snapshots of certain operations, by id. One that does not say its operation, or another than Iceberg's, may be any.
by_id of_operations(const snapshots &since, operation_names names) {
  by_id chosen;
  for (const auto &one : since) {
    const bool is_known = is_one_of(one->operation(), {"append", "overwrite", "replace", "delete"});
    if (!is_known || is_one_of(one->operation(), names)) chosen.emplace(one->snapshot_id, one.get());
  }
  return chosen;
}

/// The same, with those that may have moved on what these have added: what is compacted is not lost sight of.
by_id and_what_moved_it(const snapshots &since, operation_names names) {
  by_id chosen = of_operations(since, names);
  if (!chosen.empty()) chosen.merge(of_operations(since, {"replace"}));
  return chosen;
}

/// Walks over live files that some snapshots added, as they are in the manifests that were written since the oldest.
class added_since {
 public:
  using look = std::function<void(const inherited_entries &entries, std::vector<std::uint8_t> &is_of_them)>;

  added_since(const snapshots &since, std::shared_ptr<const manifest_files> present, version_files &files)
      : oldest_(since.back()->sequence_number), present_(std::move(present)), files_(files) {}

  /// `see` gets the rows that one of `by` added.
  task<> walk(manifest_content content, const by_id &by, file_matcher &matcher, look see) {
    if (by.empty()) co_return;
    std::vector<const manifest_file *> candidates;
    for (const manifest_file &one : *present_) {
      const bool is_new = one.sequence_number == unassigned_sequence_number || one.sequence_number >= oldest_;
      if (is_new && one.content == content && matcher.may_be_in(one)) candidates.push_back(&one);
    }
    manifest_columns_wanted wanted = matcher.wanted();
    if (content == manifest_content::deletes) wanted.bounds_and_counts_of.push_back(delete_file_path_id);
    std::function<task<>(std::size_t)> read = [&](std::size_t i) -> task<> {
      const spec_pruning &as = *matcher.pruning(candidates[i]->partition_spec_id);
      const inherited_entries entries = co_await files_.read_manifest(*candidates[i], as, wanted);
      auto find = [&] {
        std::vector<std::uint8_t> is_of_them(entries->size());
        for (std::size_t row = 0; row < entries->size(); ++row)
          is_of_them[row] = entries->is_live(row) && by.contains(entries.snapshot_id(row)) ? 1 : 0;
        see(entries, is_of_them);
      };
      co_await run_on(files_.context().runtime().cpu(), find);
    };
    co_await for_each_concurrently(candidates.size(), concurrent_manifest_reads, std::move(read));
  }

 private:
  std::int64_t oldest_;
  std::shared_ptr<const manifest_files> present_;
  version_files &files_;
};

/// Whether a file that some operation added is among those that match.
void refuse_matching(const inherited_entries &entries, std::vector<std::uint8_t> &rows, file_matcher &matcher,
                     const by_id &by, std::string_view what) {
  matcher.keep_possible(entries->files, rows);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows[row] != 0) refuse(what, entries->files.path(row), *by.at(entries.snapshot_id(row)));
  }
}

/// DELETED entries are in the manifests that the removing snapshot wrote, and in its list alone for sure.
task<> refuse_removed_data(const snapshots &since, file_matcher &matcher, version_files &files) {
  for (const auto &[id, by] : of_operations(since, {"overwrite", "replace", "delete"})) {
    const auto found =
        std::find_if(since.begin(), since.end(), [id = id](const auto &s) { return s->snapshot_id == id; });
    std::shared_ptr<const snapshot> of = *found;
    const std::shared_ptr<const manifest_files> listed = co_await files.manifests_of(std::move(of));
    for (const manifest_file &one : *listed) {
      if (one.content != manifest_content::data || one.added_snapshot_id != id || one.deleted_files_count == 0)
        continue;
      const spec_pruning &as = *matcher.pruning(one.partition_spec_id);
      manifest_columns_wanted wanted = matcher.wanted();
      wanted.live_only = false;
      const inherited_entries entries = co_await files.read_all_entries(one, as, wanted);
      std::vector<std::uint8_t> rows(entries->size());
      for (std::size_t row = 0; row < rows.size(); ++row)
        rows[row] = !entries->is_live(row) && entries.snapshot_id(row) == id ? 1 : 0;
      matcher.keep_possible(entries->files, rows);
      for (std::size_t row = 0; row < rows.size(); ++row) {
        if (rows[row] != 0) refuse("removed a file that may have such rows", entries->files.path(row), *by);
      }
    }
  }
}

}  // namespace

task<> refuse_conflicts(const conflict_rules &rules, const file_changes &changes, const snapshots &since,
                        std::shared_ptr<const manifest_files> present, const table_metadata &base,
                        version_files &files) {
  if (since.empty() || !(rules.refuse_added_data || rules.refuse_added_deletes || rules.refuse_removed_data)) co_return;
  const bool is_of_partitions = changes.removed.partitions_of_added && !rules.within;
  file_matcher matcher = is_of_partitions ? file_matcher::in_partitions_of(*changes.added, base)
                                          : file_matcher::with_rows_of(rules.within, base);
  added_since added(since, std::move(present), files);
  if (rules.refuse_added_data) {
    const by_id by = and_what_moved_it(since, {"append", "overwrite"});
    added_since::look see = [&](const inherited_entries &entries, std::vector<std::uint8_t> &rows) {
      refuse_matching(entries, rows, matcher, by, "added a file that may have such rows");
    };
    co_await added.walk(manifest_content::data, by, matcher, std::move(see));
  }
  if (rules.refuse_added_deletes) {
    const by_id by = and_what_moved_it(since, {"overwrite", "delete"});
    added_since::look see = [&](const inherited_entries &entries, std::vector<std::uint8_t> &rows) {
      refuse_matching(entries, rows, matcher, by, "deleted rows in files that this operation removes or depends on");
    };
    co_await added.walk(manifest_content::deletes, by, matcher, std::move(see));
  }
  if (rules.refuse_removed_data) co_await refuse_removed_data(since, matcher, files);
}

task<> refuse_deletes_of_named(const conflict_rules &rules, const file_changes &changes,
                               const std::vector<named_file> &named, const snapshots &since,
                               std::shared_ptr<const manifest_files> present, const table_metadata &base,
                               version_files &files) {
  std::unordered_set<std::string_view> with_vector;  // data files for which one is added
  if (changes.deletes && rules.refuse_added_vectors) {
    for (const auto &batch : changes.deletes->batches) {
      for (std::size_t row = 0; row < batch->size(); ++row) {
        if (batch->is_deletion_vector(row)) with_vector.insert(batch->referenced_data_file(row));
      }
    }
  }
  const bool has_removed = rules.refuse_deletes_of_removed && !changes.removed.paths.empty();
  if (since.empty() || (with_vector.empty() && !has_removed)) co_return;
  std::unordered_set<std::string_view> removed;
  if (has_removed) removed.insert(changes.removed.paths.begin(), changes.removed.paths.end());
  std::unordered_multimap<std::string_view, std::string_view> in_partition;  // removed files
  for (const named_file &one : named) {
    if (removed.contains(one.path)) in_partition.emplace(one.partition, one.path);
  }
  // A compaction of vectors adds new ones for the same data files.
  const by_id with_vectors = of_operations(since, {"overwrite", "delete", "replace"});
  const by_id with_deletes = and_what_moved_it(since, {"overwrite", "delete"});
  const auto apply_to_removed = [&](const data_files &of, std::size_t row) {
    const bool is_equality = of.contents[row] == file_content::equality_deletes;
    if (is_equality && rules.ignore_equality_deletes) return false;
    if (is_equality && base.find_spec(of.spec_id)->is_unpartitioned()) return !removed.empty();  // global
    const std::string_view path = only_data_file(of, row);
    if (!path.empty()) return removed.contains(path);
    const bytes partition = spec_partition_key(of, row);
    const auto [first, last] = in_partition.equal_range(partition);
    return std::any_of(first, last, [&](const auto &one) {
      return is_equality || position_deletes_may_be_of(of, row, one.second, partition);
    });
  };
  file_matcher everything = file_matcher::with_rows_of(nullptr, base);
  added_since::look see = [&](const inherited_entries &entries, std::vector<std::uint8_t> &rows) {
    const data_files &of = entries->files;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (rows[row] == 0) continue;
      const std::int64_t added_by = entries.snapshot_id(row);
      const bool has_same = of.is_deletion_vector(row) && with_vector.contains(of.referenced_data_file(row));
      if (has_same || (with_deletes.contains(added_by) && apply_to_removed(of, row)))
        refuse("deleted rows of a file that this operation names", of.path(row), *with_vectors.at(added_by));
    }
  };
  added_since added(since, std::move(present), files);
  co_await added.walk(manifest_content::deletes, with_vectors, everything, std::move(see));
}

}  // namespace evodb
