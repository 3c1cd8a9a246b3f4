#include "table/operations/cherry_pick.h"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"
#include "model/joined_entries.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/manifests/known_partition_types.h"
#include "table/manifests/manifest_reader.h"
#include "table/manifests/snapshot_manifests.h"
#include "table/operations/ref_operation.h"
#include "table/snapshots/snapshot_operation.h"

namespace evodb {
namespace {

constexpr const char *source_property = "source-snapshot-id";
constexpr const char *staged_id_property = "wap.id";
constexpr const char *published_id_property = "published-wap-id";
constexpr const char *replace_partitions_property = "replace-partitions";

bool has_value(const snapshot &of, const char *key, const std::string &value) {
  const std::string *found = find_value(of.summary, key);
  return found != nullptr && *found == value;
}

/// The snapshot that first did what this one does: published ones say which.
std::string origin_of(const snapshot &one) {
  const std::string *source = find_value(one.summary, source_property);
  return source == nullptr ? std::to_string(one.snapshot_id) : *source;
}

/// Looks for the source, and for what it was published as, in the line of a branch.
void check_unpublished(const snapshot &source, const std::string &branch, const table_metadata &in, status otherwise) {
  const std::shared_ptr<const snapshot> head = head_of(in, branch);
  if (!head) return;
  const std::string source_id = std::to_string(source.snapshot_id);
  const std::string *staged_id = find_value(source.summary, staged_id_property);
  in.visit_ancestors(head->snapshot_id, [&](const snapshot &one) {
    if (one.snapshot_id == source.snapshot_id)
      fail(otherwise, fmt::format("snapshot {} is on branch {} already", source_id, branch), in.location);
    if (origin_of(one) == origin_of(source)) {
      fail(otherwise,
           fmt::format("snapshot {} is published on branch {} already, as snapshot {}", source_id, branch,
                       one.snapshot_id),
           in.location);
    }
    const bool has_id =
        staged_id != nullptr && !staged_id->empty() &&
        (has_value(one, staged_id_property, *staged_id) || has_value(one, published_id_property, *staged_id));
    if (has_id) {
      fail(otherwise,
           fmt::format("wap.id {} of snapshot {} is published on branch {} already, by snapshot {}", *staged_id,
                       source_id, branch, one.snapshot_id),
           in.location);
    }
    return true;
  });
}

/// Appends the source's files again, or puts them in the place of what is in their partitions.
class republish_operation : public snapshot_operation {
 public:
  republish_operation(const table &onto, file_changes changes, snapshot_plan plan, conflict_rules rules,
                      seen_branch seen, std::shared_ptr<const snapshot> source)
      : snapshot_operation(onto, std::move(changes), plan, std::move(rules), std::move(seen)),
        branch_(std::move(plan.branch)),
        source_(std::move(source)) {}

 protected:
  /// Files of a snapshot that has expired may be deleted.
  task<> validate(const table_metadata &base, std::shared_ptr<const manifest_files>, table_context &) const override {
    if (!base.find_snapshot(source_->snapshot_id)) {
      fail(status::CONFLICT, fmt::format("snapshot {} is no longer in the table", source_->snapshot_id), base.location);
    }
    check_unpublished(*source_, branch_, base, status::CONFLICT);
    co_return;
  }

 private:
  const std::string branch_;
  const std::shared_ptr<const snapshot> source_;
};

/// The files that a manifest's snapshot added, as they are; row ids are given to them anew.
std::shared_ptr<const data_files> added_files(const inherited_entries &entries, const manifest_file &listed) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < entries->size(); ++row) {
    const bool is_added = entries->statuses[row] == entry_status::added;
    if (is_added && entries.snapshot_id(row) == listed.added_snapshot_id) rows.push_back(row);
  }
  joined_entries added(listed.partition_spec_id);
  added.add(entries, rows);
  auto files = std::make_shared<data_files>(std::move(added).finish().files);
  files->first_row_ids.clear();
  return files;
}

/// All files that a snapshot added.
task<std::shared_ptr<const table_files>> read_added(table_context &context, const table_metadata &metadata,
                                                    std::shared_ptr<const snapshot> by) {
  auto files = std::make_shared<table_files>(metadata);
  files->checked_against = metadata.schema_of(by.get());
  const std::shared_ptr<const manifest_files> listed = co_await manifests_of(context, by);
  std::vector<const manifest_file *> own;
  for (const manifest_file &one : *listed) {
    const bool is_own = one.added_snapshot_id == by->snapshot_id && one.added_files_count.value_or(1) > 0;
    if (!is_own) continue;
    if (one.content == manifest_content::deletes) {
      fail(status::UNSUPPORTED,
           fmt::format("snapshot {} adds delete files, which are not published anew", by->snapshot_id),
           one.manifest_path);
    }
    own.push_back(&one);
  }
  std::vector<std::shared_ptr<const data_files>> batches(own.size());
  std::function<task<>(std::size_t)> read = [&](std::size_t i) -> task<> {
    const manifest_file &one = *own[i];
    const partition_spec *spec = metadata.find_spec(one.partition_spec_id);
    const auto types = spec ? known_partition_types(*spec, *files->checked_against) : std::nullopt;
    if (!types) {
      fail(status::UNSUPPORTED,
           fmt::format("the files of partition spec {} cannot be written again: the types of its values are not known",
                       one.partition_spec_id),
           one.manifest_path);
    }
    const manifest_columns_wanted everything = manifest_columns_wanted::all();
    const inherited_entries entries = co_await read_manifest_of(context, one, *spec, *types, everything);
    auto choose = [&] { return added_files(entries, one); };
    batches[i] = co_await run_on(context.runtime().cpu(), choose);
  };
  co_await for_each_concurrently(own.size(), concurrent_manifest_reads, std::move(read));
  for (auto &batch : batches) {
    if (batch->size() > 0) files->batches.push_back(std::move(batch));
  }
  co_return files;
}

bool replaces_partitions(const snapshot &source) {
  return has_value(source, replace_partitions_property, "true");
}

/// Only what adds files, or replaces whole partitions, can be done again on files that it was not made on.
void check_repeatable(const snapshot &source, const std::string &branch, const table_metadata &metadata) {
  if (metadata.format_version < 2) {
    fail(status::UNSUPPORTED, "tables of format version 1 can be read, not appended to", metadata.location);
  }
  if (source.operation() == "append") return;
  if (!replaces_partitions(source)) {
    fail(status::CONFLICT,
         fmt::format("snapshot {} is no append (its operation is '{}'), so it can be published only while branch {} is "
                     "at its parent",
                     source.snapshot_id, source.operation(), branch),
         metadata.location);
  }
  bool is_in_line = !source.parent_snapshot_id;
  const std::shared_ptr<const snapshot> head = head_of(metadata, branch);
  const auto look = [&](const snapshot &one) { return !(is_in_line |= one.snapshot_id == source.parent_snapshot_id); };
  if (head) metadata.visit_ancestors(head->snapshot_id, look);
  if (is_in_line) return;
  fail(status::CONFLICT,
       fmt::format("snapshot {} replaces partitions of snapshot {}, which is not in the history of branch {}",
                   source.snapshot_id, *source.parent_snapshot_id, branch),
       metadata.location);
}

table move_to(const table &onto, const snapshot &source, std::string branch) {
  snapshot_ref becomes;
  becomes.snapshot_id = source.snapshot_id;
  std::string what = fmt::format("publishing snapshot {} by moving {} to it", source.snapshot_id, branch);
  return onto.with(std::make_shared<ref_operation>(std::move(what), std::move(branch), *onto.metadata(), becomes));
}

}  // namespace

task<table> cherry_pick(table onto, std::int64_t snapshot_id, cherry_pick_options options) {
  const table_metadata &metadata = *onto.metadata();
  check_branch(options.branch, metadata);
  check_summary(options.summary);
  const std::shared_ptr<const snapshot> source = metadata.find_snapshot(snapshot_id);
  if (!source) fail(status::NOT_FOUND, fmt::format("the table has no snapshot {}", snapshot_id), metadata.location);
  check_unpublished(*source, options.branch, metadata, status::ALREADY_EXISTS);
  const std::shared_ptr<const snapshot> head = head_of(metadata, options.branch);
  const auto head_id = head ? std::optional(head->snapshot_id) : std::nullopt;
  if (source->parent_snapshot_id == head_id) co_return move_to(onto, *source, std::move(options.branch));
  check_repeatable(*source, options.branch, metadata);
  if (source->manifest_list.empty() && source->manifests.empty()) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("snapshot {} is not committed yet, and its files are to be appended anew: commit it first",
                     snapshot_id),
         metadata.location);
  }
  std::shared_ptr<const snapshot> by = source;
  file_changes changes;
  changes.added = co_await read_added(*onto.context(), metadata, std::move(by));
  if (changes.added->count() == 0)
    fail(status::INVALID_ARGUMENT, fmt::format("snapshot {} adds no files", snapshot_id), metadata.location);
  conflict_rules rules;
  seen_branch seen(onto, options.branch);
  snapshot_plan plan;
  plan.operation = source->operation();
  if (replaces_partitions(*source)) {
    // What came after the source was made, and is in these partitions, it has not seen.
    changes.removed.partitions_of_added = true;
    rules.refuse_added_data = rules.refuse_added_deletes = rules.refuse_removed_data = true;
    seen.head = source->parent_snapshot_id;
    set_value(options.summary, replace_partitions_property, "true");
  }
  plan.branch = std::move(options.branch);
  plan.summary = std::move(options.summary);
  set_value(plan.summary, source_property, origin_of(*source));
  const std::string *staged_id = find_value(source->summary, staged_id_property);
  if (staged_id != nullptr) set_value(plan.summary, published_id_property, *staged_id);
  plan.snapshot_id = new_snapshot_id(onto.context()->runtime(), metadata);
  auto made = [&] {
    return onto.with(std::make_shared<republish_operation>(onto, std::move(changes), std::move(plan), std::move(rules),
                                                           std::move(seen), source));
  };
  co_return co_await run_on(onto.context()->runtime().cpu(), made);
}

}  // namespace evodb
