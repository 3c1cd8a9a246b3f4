#include "table/diff/changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "runtime/when_all.h"
#include "table/diff/changed_files.h"
#include "table/diff/manifest_walk.h"
#include "table/diff/stored_snapshot.h"
#include "table/manifests/snapshot_manifests.h"

namespace evodb {
namespace {

constexpr std::size_t concurrent_lists = 8;

using snapshots = std::vector<std::shared_ptr<const snapshot>>;

/// The snapshots that are asked for, the oldest first.
snapshots lineage(const table &of, const changes_request &request) {
  const table_metadata &metadata = *of.metadata();
  snapshots found;
  const std::shared_ptr<const snapshot> to = stored_or_current(of, request.to);
  if (!to) {
    if (request.from) stored_snapshot(of, *request.from);
    return found;
  }
  bool is_complete = false;
  std::optional<std::int64_t> last_parent;
  metadata.visit_ancestors(to->snapshot_id, [&](const snapshot &one) {
    is_complete = request.from == one.snapshot_id;
    if (is_complete) return false;
    check_stored(of, &one);
    found.push_back(metadata.find_snapshot(one.snapshot_id));
    last_parent = one.parent_snapshot_id;
    is_complete = request.from == last_parent;
    return !is_complete;
  });
  if (!is_complete) {
    if (request.from && metadata.find_snapshot(*request.from) &&
        (!last_parent || metadata.find_snapshot(*last_parent))) {
      fail(status::INVALID_ARGUMENT,
           fmt::format("snapshot {} is no ancestor of snapshot {}, so that no changes lead from one to the other: "
                       "compare them with a diff",
                       *request.from, to->snapshot_id),
           metadata.location);
    }
    if (last_parent) {
      fail(status::NOT_FOUND,
           fmt::format("snapshot {}, an ancestor of snapshot {}, has expired: the changes that came before snapshot {} "
                       "are not known any more",
                       *last_parent, to->snapshot_id, found.back()->snapshot_id),
           metadata.location);
    }
    fail(status::NOT_FOUND,
         fmt::format("the table has no snapshot {}, which may have expired, and it is no ancestor of snapshot {}",
                     *request.from, to->snapshot_id),
         metadata.location);
  }
  std::reverse(found.begin(), found.end());
  std::erase_if(found, [&](const std::shared_ptr<const snapshot> &one) {
    if (request.appends_only) return one->operation() != "append";
    return !request.with_replace && one->operation() == "replace";
  });
  return found;
}

class snapshot_changes final : public changed_file_source {
 public:
  snapshot_changes(table of, std::shared_ptr<const snapshots> by, bool appends_only)
      : changed_file_source(true, of.context()->runtime().cpu()),
        of_(std::move(of)),
        by_(std::move(by)),
        appends_only_(appends_only) {}

 private:
  bool may_wait() const override { return found_.empty() && !(walk_ && walk_->has_ready()); }

  task<std::optional<changed_files>> find() override {
    while (found_.empty()) {
      std::optional<manifest_walk::walked> one;
      if (walk_) one = co_await walk_->next();
      if (one) {
        take(*one);
      } else if (next_ == by_->size()) {
        co_return std::nullopt;
      } else {
        co_await begin_some();
      }
    }
    std::optional<changed_files> last = std::move(found_.back());
    found_.pop_back();
    co_return last;
  }

  /// The manifests that the next snapshots added.
  task<> begin_some() {
    const std::size_t count = std::min(concurrent_lists, by_->size() - next_);
    std::vector<manifest_files> added(count);
    auto read_list = [&](std::size_t i) -> task<> {
      const std::shared_ptr<const snapshot> &by = (*by_)[next_ + i];
      const std::shared_ptr<const manifest_files> listed = co_await manifests_of(*of_.context(), by);
      for (const manifest_file &one : *listed) {
        if (one.added_snapshot_id == by->snapshot_id && may_have_changes(one)) added[i].push_back(one);
      }
    };
    std::function<task<>(std::size_t)> body = read_list;
    co_await for_each_concurrently(count, concurrent_lists, std::move(body));
    auto manifests = std::make_shared<manifest_files>();
    by_id_.clear();
    for (std::size_t i = 0; i < count; ++i) {
      const std::shared_ptr<const snapshot> &by = (*by_)[next_ + i];
      by_id_.emplace(by->snapshot_id, by);
      manifests->insert(manifests->end(), added[i].begin(), added[i].end());
    }
    next_ += count;
    manifest_columns_wanted wanted;
    wanted.live_only = appends_only_;
    walk_.emplace(of_, std::move(manifests), std::move(wanted));
  }

  bool may_have_changes(const manifest_file &one) const noexcept {
    if (appends_only_) return one.content == manifest_content::data && one.added_files_count.value_or(1) != 0;
    return one.added_files_count.value_or(1) != 0 || one.deleted_files_count.value_or(1) != 0;
  }

  /// What the snapshot itself did; the other entries are of files that others added.
  void take(const manifest_walk::walked &from) {
    const std::shared_ptr<const snapshot> &by = by_id_.at(from.listed->added_snapshot_id);
    changed_files added, removed;
    added.is_added = true;
    for (std::size_t row = 0; row < from.entries->size(); ++row) {
      if (from.entries.snapshot_id(row) != by->snapshot_id) continue;
      const entry_status status = from.entries->statuses[row];
      if (status == entry_status::added) added.files.rows.push_back(static_cast<std::uint32_t>(row));
      if (status == entry_status::deleted) removed.files.rows.push_back(static_cast<std::uint32_t>(row));
    }
    if (appends_only_) removed.files.rows.clear();
    for (changed_files *one : {&added, &removed}) {  // taken from the back
      if (one->files.rows.empty()) continue;
      one->by = by;
      one->files.entries = from.entries;
      one->files.pruning = from.spec;
      found_.push_back(std::move(*one));
    }
  }

  const table of_;
  const std::shared_ptr<const snapshots> by_;
  const bool appends_only_;
  std::size_t next_ = 0;  ///< whose list is read next
  std::unordered_map<std::int64_t, std::shared_ptr<const snapshot>> by_id_;
  std::optional<manifest_walk> walk_;  ///< over what the snapshots before added
  std::vector<changed_files> found_;   ///< of one manifest
};

}  // namespace

task<std::shared_ptr<const row_set>> changes_between(table of, changes_request request) {
  if (request.appends_only && request.with_replace) {
    fail(status::INVALID_ARGUMENT, "a replace appends nothing: ask for appends only, or for replaces, too");
  }
  auto by = std::make_shared<const snapshots>(lineage(of, request));
  row_set rows;
  rows.environment = of.context()->storage()->runtime();
  rows.columns = changed_file_columns(true);
  rows.open = [of, by, appends_only = request.appends_only] {
    return std::make_shared<snapshot_changes>(of, by, appends_only);
  };
  co_return std::make_shared<const row_set>(std::move(rows));
}

}  // namespace evodb
