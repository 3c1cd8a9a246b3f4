#include "table/table_context.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"

namespace evodb {

task<table_version> table_context::find() {
  table_version found = co_await catalog_->find();
  observe(found);
  co_return found;
}

task<table_version> table_context::load() {
  table_version found = co_await find();
  if (found.version == 0) fail(status::NOT_FOUND, "no table here", location_.to_text());
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
    found = co_await load();  // committed by this process, but nothing of it was kept
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

task<table_version> table_context::look_ahead(table_version seen) {
  table_version from = seen;
  std::optional<table_version> next = co_await catalog_->successor(std::move(from));
  if (next && next->metadata->table_uuid == seen.metadata->table_uuid) seen = *std::move(next);
  observe(seen);
  co_return seen;
}

void table_context::observe(const table_version &version) {
  if (version.version == 0) return;  // there is no table
  const std::lock_guard<std::mutex> held(state_);
  const bool is_newer = !newest_seen_ || newest_seen_->metadata->table_uuid != version.metadata->table_uuid ||
                        newest_seen_->version <= version.version;
  if (!is_newer) return;
  turns_.see(version.version, version.metadata->commit_waited, runtime().steady_now());
  if (last_made_ > 0) is_alone_ = version.version == last_made_;
  newest_seen_ = version;
}

void table_context::note_committed(const table_version &made) {
  const std::lock_guard<std::mutex> held(state_);
  turns_.see(made.version, made.metadata->commit_waited, runtime().steady_now());
  last_made_ = made.version;
  newest_seen_ = made;
}

std::optional<table_version> table_context::likely_newest(uuid expected) const {
  const std::lock_guard<std::mutex> held(state_);
  const bool is_likely = is_alone_ && newest_seen_ && newest_seen_->version == last_made_ &&
                         newest_seen_->metadata->table_uuid == expected;
  return is_likely ? newest_seen_ : std::nullopt;
}

std::shared_ptr<const manifest_files> table_context::kept_manifests(const std::string &manifest_list) const {
  const std::lock_guard<std::mutex> held(state_);
  return kept_list_ == manifest_list ? kept_manifests_ : nullptr;
}

void table_context::note_unmergeable(const manifest_file &one) {
  constexpr std::size_t most = 10'000;
  const std::lock_guard<std::mutex> held(state_);
  if (unmergeable_.size() >= most) unmergeable_.clear();
  unmergeable_.insert(one.manifest_path);
}

bool table_context::is_unmergeable(const manifest_file &one) const {
  const std::lock_guard<std::mutex> held(state_);
  return unmergeable_.contains(one.manifest_path);
}

void table_context::keep_manifests(std::string manifest_list, std::shared_ptr<const manifest_files> manifests) {
  const std::lock_guard<std::mutex> held(state_);
  kept_list_ = std::move(manifest_list);
  kept_manifests_ = std::move(manifests);
}

}  // namespace evodb
