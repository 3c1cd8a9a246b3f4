#include "table/manifests/version_files.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "codec/manifest_list.h"
#include "table/manifests/complete_manifests.h"
#include "table/manifests/snapshot_manifests.h"

namespace evodb {

version_files::version_files(std::shared_ptr<table_context> context, std::shared_ptr<manifest_merge> merge)
    : context_(std::move(context)), merge_(std::move(merge)), pending_(context_->storage()) {}

task<std::shared_ptr<const manifest_files>> version_files::manifests_of(std::shared_ptr<const snapshot> of) {
  if (of && !last_list_.empty() && of->manifest_list == last_list_) co_return last_listed_;
  if (const bytes *own = of ? pending_.find(of->manifest_list) : nullptr) {
    auto listed = read_manifest_list(*own, of->manifest_list, context_->runtime().memory());
    co_return std::make_shared<const manifest_files>(std::move(listed));
  }
  std::shared_ptr<const manifest_files> listed = co_await evodb::manifests_of(*context_, std::move(of));
  co_return co_await complete_manifests(*context_, std::move(listed));
}

task<std::shared_ptr<const manifest_files>> version_files::manifests_to_build_on(std::shared_ptr<const snapshot> of,
                                                                                 const table_metadata &base) {
  std::shared_ptr<const manifest_files> listed = co_await manifests_of(std::move(of));
  std::shared_ptr<const manifest_files> merged = co_await merge_->apply(listed, base, *context_, pending_);
  has_merge_ |= merged != listed;
  co_return merged;
}

std::string version_files::add_list(std::int64_t snapshot_id, bytes encoded,
                                    std::shared_ptr<const manifest_files> listed) {
  const std::string unique = context_->runtime().random_uuid().to_text();
  last_list_ = context_->metadata_file(fmt::format("snap-{}-1-{}.avro", snapshot_id, unique));
  last_listed_ = std::move(listed);
  add_own(last_list_, std::make_shared<const bytes>(std::move(encoded)));
  return last_list_;
}

void version_files::add_own(std::string location, std::shared_ptr<const bytes> content) {
  own_.push_back(location);
  pending_.add(std::move(location), std::move(content));
}

std::string version_files::add_manifest(std::shared_ptr<const bytes> encoded) {
  const std::string unique = context_->runtime().random_uuid().to_text();
  add_own(context_->metadata_file(fmt::format("{}-m0.avro", unique)), std::move(encoded));
  return own_.back();
}

std::optional<inherited_entries> version_files::read_pending(const manifest_file &listed, const spec_pruning &as,
                                                             const manifest_columns_wanted &wanted) const {
  const bytes *pending = pending_.find(listed.manifest_path);
  if (pending == nullptr) return std::nullopt;
  auto entries = std::make_shared<const manifest_entries>(
      decode_manifest(*pending, listed.manifest_path, listed.content, as.spec(), as.partition_types(), wanted,
                      context_->runtime().memory()));
  const manifest_inheritance inheritance = manifest_inheritance::of(listed, *entries);
  return inherited_entries(std::move(entries), inheritance);
}

task<inherited_entries> version_files::read_manifest(const manifest_file &listed, const spec_pruning &as,
                                                     const manifest_columns_wanted &wanted) {
  if (std::optional<inherited_entries> pending = read_pending(listed, as, wanted)) co_return *std::move(pending);
  co_return co_await read_manifest_of(*context_, listed, as.spec(), as.partition_types(), wanted);
}

task<inherited_entries> version_files::read_all_entries(const manifest_file &listed, const spec_pruning &as,
                                                        const manifest_columns_wanted &wanted) {
  if (std::optional<inherited_entries> pending = read_pending(listed, as, wanted)) co_return *std::move(pending);
  stored_manifest read = co_await read_stored_manifest(*context_, listed, as.spec(), as.partition_types(), wanted);
  co_return std::move(read.entries);
}

task<> version_files::write(std::int64_t at_ms) {
  co_await pending_.write();
  if (has_merge_) merge_->note_written(*context_, at_ms);
  for (const auto &note : notes_) note(at_ms);
  notes_.clear();
}

void version_files::keep_last_list() {
  if (last_listed_) context_->keep_manifests(last_list_, last_listed_);
}

}  // namespace evodb
