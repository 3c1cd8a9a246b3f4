#include "table/change.h"

#include <numeric>
#include <utility>

namespace evodb {

table_files::table_files(const table_metadata &made_for)
    : table_uuid(made_for.table_uuid),
      table_location(made_for.location),
      spec(made_for.default_spec()),
      checked_against(made_for.current_schema()) {}

std::int64_t table_files::count() const noexcept {
  std::int64_t files = 0;
  for (const auto &batch : batches) files += static_cast<std::int64_t>(batch->size());
  return files;
}

std::int64_t table_files::record_count() const noexcept {
  std::int64_t records = 0;
  for (const auto &batch : batches)
    records = std::accumulate(batch->record_counts.begin(), batch->record_counts.end(), records);
  return records;
}

std::optional<std::int64_t> change::snapshot_id() const noexcept {
  const auto *append = std::get_if<table_change::append>(&body_);
  return append == nullptr ? std::nullopt : std::optional<std::int64_t>(append->snapshot_id);
}

bool change::is_committed() const {
  const std::lock_guard<std::mutex> held(state_);
  return is_committed_;
}

void change::set_committed() {
  const std::lock_guard<std::mutex> held(state_);
  is_committed_ = true;
  unresolved_.reset();
}

std::optional<change::sent_body> change::unresolved() const {
  const std::lock_guard<std::mutex> held(state_);
  return unresolved_;
}

void change::set_unresolved(std::optional<sent_body> sent) {
  const std::lock_guard<std::mutex> held(state_);
  unresolved_ = std::move(sent);
}

change::written_manifests change::manifests() const {
  const std::lock_guard<std::mutex> held(state_);
  return manifests_;
}

void change::set_manifests(written_manifests written) {
  const std::lock_guard<std::mutex> held(state_);
  manifests_ = std::move(written);
}

std::set<std::string> change::manifests_without_it() const {
  const std::lock_guard<std::mutex> held(state_);
  return manifests_without_it_;
}

void change::set_manifests_without_it(std::set<std::string> paths) {
  const std::lock_guard<std::mutex> held(state_);
  manifests_without_it_ = std::move(paths);
}

}  // namespace evodb
