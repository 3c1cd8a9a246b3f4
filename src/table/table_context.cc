#include "table/table_context.h"

#include <fmt/format.h>

#include <utility>

#include "codec/manifest_list.h"
#include "runtime/run_on.h"
#include "table/manifests/manifests_in_metadata.h"

namespace evodb {
namespace {}  // namespace

task<table_version> table_context::load() {
  table_version found = co_await catalog_->load();
  observe(found);
  co_return found;
}

std::optional<table_version> table_context::newest_seen(uuid expected) const {
  const std::lock_guard<std::mutex> held(state_);
  const bool is_its = newest_seen_ && newest_seen_->metadata->table_uuid == expected;
  return is_its ? newest_seen_ : std::nullopt;
}

task<table_version> table_context::newest(uuid expected, table_version known) {
  std::optional<table_version> seen = newest_seen(expected);
  if (seen && seen->version >= known.version) known = *std::move(seen);
  table_version found;
  if (known.version == 0) {
    found = co_await catalog_->load();  // committed by this process, but nothing of it was kept
  } else {
    found = co_await catalog_->refresh(std::move(known));
  }
  if (found.metadata->table_uuid != expected) {
    fail(status::CONFLICT,
         fmt::format("another table has taken the place: expected uuid {}, found {}", expected.to_text(),
                     found.metadata->table_uuid.to_text()),
         location_.to_text());
  }
  observe(found);
  co_return found;
}

void table_context::observe(const table_version &version) {
  if (version.version == 0) return;  // there is no table
  const std::lock_guard<std::mutex> held(state_);
  const bool is_newer = !newest_seen_ || newest_seen_->metadata->table_uuid != version.metadata->table_uuid ||
                        newest_seen_->version <= version.version;
  if (!is_newer) return;
  if (last_made_ > 0) is_alone_ = version.version == last_made_;
  newest_seen_ = version;
}

void table_context::note_committed(const table_version &made) {
  const std::lock_guard<std::mutex> held(state_);
  last_made_ = made.version;
  newest_seen_ = made;
}

std::optional<table_version> table_context::likely_newest(uuid expected) const {
  const std::lock_guard<std::mutex> held(state_);
  const bool is_likely = is_alone_ && newest_seen_ && newest_seen_->version == last_made_ &&
                         newest_seen_->metadata->table_uuid == expected;
  return is_likely ? newest_seen_ : std::nullopt;
}

task<std::shared_ptr<const manifest_files>> table_context::manifests_of(std::shared_ptr<const snapshot> of) {
  if (!of) co_return std::make_shared<const manifest_files>();
  if (of->manifest_list.empty()) co_return std::make_shared<const manifest_files>(manifests_in_metadata(*of));
  {
    const std::lock_guard<std::mutex> held(state_);
    if (kept_list_ == of->manifest_list) co_return kept_manifests_;
  }
  const std::string key = storage_->key_of(of->manifest_list);
  object found = co_await get_whole(storage_->store(), key, largest_manifest_list_bytes);
  auto decode = [&] {
    return std::make_shared<const manifest_files>(
        read_manifest_list(found.body, of->manifest_list, runtime().memory()));
  };
  std::shared_ptr<const manifest_files> manifests = co_await run_on(runtime().cpu(), decode);
  keep_manifests(of->manifest_list, manifests);
  co_return manifests;
}

void table_context::keep_manifests(std::string manifest_list, std::shared_ptr<const manifest_files> manifests) {
  const std::lock_guard<std::mutex> held(state_);
  kept_list_ = std::move(manifest_list);
  kept_manifests_ = std::move(manifests);
}

}  // namespace evodb
