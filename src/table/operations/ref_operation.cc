#include "table/operations/ref_operation.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"

namespace evodb {
namespace {

std::optional<snapshot_ref> find_ref(const table_metadata &in, const std::string &name) {
  const auto found = in.refs.find(name);
  return found == in.refs.end() ? std::nullopt : std::optional(found->second);
}

/// Whether nothing else than its retention has changed.
bool is_where_it_was(const std::optional<snapshot_ref> &was, const std::optional<snapshot_ref> &is) {
  if (!was || !is) return !was && !is;
  return was->snapshot_id == is->snapshot_id && was->is_branch == is->is_branch;
}

std::string place_of(const std::optional<snapshot_ref> &ref, const std::string &name) {
  if (!ref) return fmt::format("there was no branch or tag {}", name);
  return fmt::format("{} {} was at snapshot {}", ref->is_branch ? "branch" : "tag", name, ref->snapshot_id);
}

std::string place_now(const std::optional<snapshot_ref> &was, const std::optional<snapshot_ref> &is) {
  if (!is) return "there is none";
  const bool is_other_kind = was && was->is_branch != is->is_branch;
  return fmt::format("{} is at snapshot {}", is_other_kind ? (is->is_branch ? "a branch" : "a tag") : "it",
                     is->snapshot_id);
}

}  // namespace

ref_operation::ref_operation(std::string what, std::string name, const table_metadata &of,
                             std::optional<snapshot_ref> becomes)
    : what_(std::move(what)), name_(std::move(name)), was_(find_ref(of, name_)), becomes_(becomes) {}

std::vector<table_update> ref_operation::preview(const table_metadata &base, const commit_stamp &) const {
  const std::optional<snapshot_ref> is = find_ref(base, name_);
  if (!is_where_it_was(was_, is)) {
    fail(status::CONFLICT,
         fmt::format("{} was made when {}, and now {}", what_, place_of(was_, name_), place_now(was_, is)),
         base.location);
  }
  std::vector<table_update> updates;
  if (!becomes_) {
    updates.push_back(update::remove_snapshot_ref{name_});
    return updates;
  }
  if (!base.find_snapshot(becomes_->snapshot_id)) {
    fail(status::CONFLICT, fmt::format("snapshot {} is no longer in the table", becomes_->snapshot_id), base.location);
  }
  snapshot_ref made = is.value_or(*becomes_);
  made.snapshot_id = becomes_->snapshot_id;
  if (becomes_->min_snapshots_to_keep) made.min_snapshots_to_keep = becomes_->min_snapshots_to_keep;
  if (becomes_->max_snapshot_age_ms) made.max_snapshot_age_ms = becomes_->max_snapshot_age_ms;
  if (becomes_->max_ref_age_ms) made.max_ref_age_ms = becomes_->max_ref_age_ms;
  updates.push_back(update::set_snapshot_ref{name_, made});
  return updates;
}

}  // namespace evodb
