#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "table/diff/changed_files.h"
#include "table/diff/file_keys.h"
#include "table/diff/manifest_walk.h"

namespace evodb {

/// The manifests of two snapshots without those that both have: a file of one of these lives in both, or in neither.
struct differing_manifests {
  differing_manifests(table in, std::shared_ptr<const manifest_files> only_before,
                      std::shared_ptr<const manifest_files> only_after)
      : of(std::move(in)), before(std::move(only_before)), after(std::move(only_after)) {}

  table of;
  std::shared_ptr<const manifest_files> before, after;
};

/// The files that live in one of two snapshots and not in the other, first those of the side that has more. The keys of
/// the smaller side's files are held in memory, where both sides have some; its manifests are read twice then. One
/// coroutine at a time.
class diff_walk {
 public:
  explicit diff_walk(std::shared_ptr<const differing_manifests> of);

  /// Some files, at least one; nothing at the end. Waits if has_ready is false.
  task<std::optional<changed_files>> next();
  bool has_ready() const noexcept { return has_keys_ && current().has_ready(); }

 private:
  task<> find_keys();
  const manifest_walk &current() const noexcept { return in_smaller_ ? smaller_ : larger_; }
  manifest_walk &current() noexcept { return in_smaller_ ? smaller_ : larger_; }
  manifest_walk walk_over(bool is_after) const;
  planned_files select(const manifest_walk::walked &from);

  const std::shared_ptr<const differing_manifests> of_;
  const bool after_is_larger_;
  manifest_walk larger_, smaller_;
  file_keys keys_;  ///< of the smaller side's files; marked where the larger one has them, too
  bool has_keys_ = false, compares_ = false, in_smaller_ = false;
};

}  // namespace evodb
