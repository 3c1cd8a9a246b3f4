#include "table/commit/commit_draft.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "table/apply_change.h"
#include "table/manifests/complete_manifests.h"
#include "table/snapshots/duplicate_check.h"
#include "table/snapshots/expiry.h"
#include "table/snapshots/snapshot_producer.h"

namespace evodb {
namespace {

std::string text_of(const idempotency_key &key) {
  return key.property() + "=" + std::to_string(key.sequence);
}

}  // namespace

commit_draft::commit_draft(std::shared_ptr<table_context> context, const table_version &base)
    : context_(std::move(context)),
      base_(base.metadata),
      working_(*base.metadata),
      begun_(*context_->storage()),
      begun_ms_(begun_.ms()),
      is_creating_(base.version == 0),
      timestamp_ms_(std::max(begun_ms_, working_.last_updated_ms + 1)),
      parent_(working_.current_snapshot()),
      files_(context_->storage()) {}

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
  std::optional<snapshot> made;
  if (const auto *append = std::get_if<table_change::append>(&added->body())) {
    check_files_fit(*append->files, working_);
    if (!manifests_ || parent_ != working_.current_snapshot()) {
      parent_ = working_.current_snapshot();
      std::shared_ptr<const manifest_files> listed = co_await context_->manifests_of(parent_);
      manifests_ = co_await complete_manifests(*context_, std::move(listed));
    }
    if (append->check_duplicates) co_await refuse_duplicates(*context_, added, manifests_, working_);
    change::written_manifests own = co_await make_manifests(*context_, added, base_, files_);
    std::shared_ptr<const manifest_files> own_rows = own.rows;
    made_manifests_.emplace_back(added, std::move(own));
    if (has_snapshot_) ++timestamp_ms_;
    has_snapshot_ = true;
    std::function<snapshot()> describe = [&] { return appended_snapshot(*added, key, working_, timestamp_ms_); };
    made.emplace();
    manifests_ = co_await make_manifest_list(*context_, std::move(own_rows), manifests_, std::move(describe), *made,
                                             working_.format_version, files_);
    lists_.push_back(made->manifest_list);
  }
  for (table_update &update : updates_of(*added, working_, made ? &*made : nullptr)) apply_update(std::move(update));
  if (made) parent_ = working_.current_snapshot();
  is_held_.insert(added.get());
  held_.push_back(std::move(added));
}

void commit_draft::apply_update(table_update update) {
  apply(working_, update, timestamp_ms_);
  updates_.push_back(std::move(update));
}

void commit_draft::finish() {
  std::vector<std::int64_t> expired = snapshots_to_expire(working_, timestamp_ms_);
  expired_snapshots_ = static_cast<std::int64_t>(expired.size());
  keep_last_main_move(updates_);
  if (!expired.empty()) updates_.push_back(update::remove_snapshots{std::move(expired)});
}

task<> commit_draft::write_files() {
  co_await files_.write();
  for (auto &[of, made] : made_manifests_) {
    if (of->manifests().rows != made.rows) made.written_at_ms = begun_.ms();
    of->set_manifests(std::move(made));
  }
  made_manifests_.clear();
}

}  // namespace evodb
