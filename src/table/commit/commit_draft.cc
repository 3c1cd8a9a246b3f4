#include "table/commit/commit_draft.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "table/snapshots/expiry.h"

namespace evodb {
namespace {

std::string text_of(const idempotency_key &key) {
  return key.property() + "=" + std::to_string(key.sequence);
}

/// Of the branch or tag that an update moves, makes or removes; null for other updates.
const std::string *ref_name(const table_update &of) {
  if (const auto *set = std::get_if<update::set_snapshot_ref>(&of)) return &set->name;
  const auto *removed = std::get_if<update::remove_snapshot_ref>(&of);
  return removed == nullptr ? nullptr : &removed->name;
}

/// Updates of a ref but for its last one are left out: within one version only the snapshot that becomes current is
/// logged. So is the removal of a ref that `base` does not have.
void keep_last_of_each_ref(std::vector<table_update> &updates, const table_metadata &base) {
  std::set<std::string> seen;
  std::vector<table_update> last;
  for (auto one = updates.rbegin(); one != updates.rend(); ++one) {
    const std::string *name = ref_name(*one);
    if (name == nullptr || !seen.insert(*name).second) continue;
    const bool is_removed = std::holds_alternative<update::remove_snapshot_ref>(*one);
    if (!is_removed || base.refs.contains(*name)) last.push_back(*one);
  }
  std::erase_if(updates, [](const table_update &u) { return ref_name(u) != nullptr; });
  updates.insert(updates.end(), last.rbegin(), last.rend());
}

}  // namespace

commit_draft::commit_draft(std::shared_ptr<table_context> context, const table_version &base,
                           std::shared_ptr<manifest_merge> merge)
    : context_(std::move(context)),
      base_(base.metadata),
      working_(*base.metadata),
      begun_(*context_->storage()),
      begun_ms_(begun_.ms()),
      is_creating_(base.version == 0),
      timestamp_ms_(std::max(begun_ms_, working_.last_updated_ms + 1)),
      files_(context_, std::move(merge)) {}

bool commit_draft::has_key_of(const commit_call &member) const {
  const bool is_held =
      std::all_of(member.pending.begin(), member.pending.end(), [&](const auto &change) { return holds(change); });
  return member.key && !is_held && keys_.contains(text_of(*member.key));
}

std::optional<idempotency_key> commit_draft::key_of(const change &held) const {
  const auto found = key_of_.find(&held);
  return found == key_of_.end() ? std::nullopt : std::optional(found->second);
}

/// The key is recorded beside the changes: a version has it and all of them, or neither.
task<> commit_draft::add(std::shared_ptr<commit_call> member) {
  if (member->key) is_committed(*member->key, working_);  // throws when a higher sequence is recorded
  const changes pending = member->pending;
  for (const auto &change : pending) {
    if (!holds(change)) {  // another member may have it too
      auto added = change;
      std::optional<idempotency_key> key = member->key;
      co_await add_change(std::move(added), std::move(key));
    }
    if (member->key) key_of_.try_emplace(change.get(), *member->key);
  }
  if (!member->key) co_return;
  string_pairs property;
  property.emplace_back(member->key->property(), std::to_string(member->key->sequence));
  apply_update(update::set_properties{std::move(property)});
  keys_.insert(text_of(*member->key));
}

task<> commit_draft::add_change(std::shared_ptr<change> added, std::optional<idempotency_key> key) {
  if (added->snapshot_id() && std::exchange(has_snapshot_, true)) ++timestamp_ms_;
  commit_stamp stamp(timestamp_ms_, added->id(), std::move(key));
  std::vector<table_update> updates = co_await added->operation().produce(working_, std::move(stamp), files_);
  for (table_update &update : updates) apply_update(std::move(update));
  is_held_.insert(added.get());
  held_.push_back(std::move(added));
}

void commit_draft::apply_update(table_update update) {
  apply(working_, update, timestamp_ms_);
  updates_.push_back(std::move(update));
}

std::vector<table_requirement> commit_draft::requirements() const {
  if (is_creating_) return {requirement::assert_create{}};
  return requirements_for(updates_, *base_);
}

void commit_draft::finish() {
  std::vector<std::int64_t> expired = snapshots_to_expire(working_, timestamp_ms_);
  expired_snapshots_ = static_cast<std::int64_t>(expired.size());
  keep_last_of_each_ref(updates_, *base_);
  if (!expired.empty()) updates_.push_back(update::remove_snapshots{std::move(expired)});
}

}  // namespace evodb
