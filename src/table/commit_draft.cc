#include "table/commit_draft.h"

#include <algorithm>
#include <utility>

#include "table/append.h"
#include "table/apply_change.h"
#include "table/expiry.h"

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
      is_creating_(base.version == 0),
      timestamp_ms_(std::max(context_->environment().now_ms(), working_.last_updated_ms + 1)),
      parent_(working_.current_snapshot()) {}

bool commit_draft::has_key_of(const commit_member &member) const {
  return std::any_of(member.pending.begin(), member.pending.end(), [&](const auto &change) {
    const std::optional<idempotency_key> key = change->key();
    const bool is_held = std::find(held_.begin(), held_.end(), change) != held_.end();
    return key && !is_held && keys_.contains(text_of(*key));
  });
}

task<> commit_draft::add(std::shared_ptr<commit_member> member) {
  std::vector<idempotency_key> recorded;
  const changes pending = member->pending;
  for (const auto &change : pending) {
    if (std::find(held_.begin(), held_.end(), change) != held_.end()) continue;  // another member's too
    const std::optional<idempotency_key> key = change->key();
    const bool is_first = key && std::find(recorded.begin(), recorded.end(), *key) == recorded.end();
    if (is_first) {
      is_committed(*key, working_);  // throws when a higher sequence is recorded
      recorded.push_back(*key);
    }
    auto added = change;
    co_await add_change(std::move(added));
  }
  for (const idempotency_key &key : recorded) {
    string_pairs property;
    property.emplace_back(key.property(), std::to_string(key.sequence));
    apply_update(update::set_properties{std::move(property)});
    keys_.insert(text_of(key));
  }
}

task<> commit_draft::add_change(std::shared_ptr<change> added) {
  std::optional<snapshot> made;
  if (const auto *append = std::get_if<table_change::append>(&added->body())) {
    check_files_fit(*append->files, working_);
    co_await write_manifests(*context_, added, base_);
    if (has_snapshot_) ++timestamp_ms_;
    has_snapshot_ = true;
    made = appended_snapshot(*added, working_, timestamp_ms_);
    if (!manifests_ || parent_ != working_.current_snapshot()) {
      parent_ = working_.current_snapshot();
      manifests_ = co_await context_->manifests_of(parent_, working_.format_version);
    }
    manifests_ = co_await write_manifest_list(*context_, added, manifests_, *made, working_.format_version);
    lists_.push_back(made->manifest_list);
  }
  for (table_update &update : updates_of(*added, working_, made ? &*made : nullptr)) apply_update(std::move(update));
  if (made) parent_ = working_.current_snapshot();
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

}  // namespace evodb
