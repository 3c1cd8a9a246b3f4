#include "model/table_metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/error.h"
#include "base/time.h"

namespace evodb {
namespace {

template <typename Range, typename Predicate>
auto *find_where(Range &range, Predicate predicate) noexcept {
  const auto found = std::find_if(range.begin(), range.end(), predicate);
  return found == range.end() ? nullptr : &*found;
}

}  // namespace

const std::shared_ptr<const schema> &table_metadata::current_schema() const {
  const auto *found = find_where(schemas, [this](const auto &s) { return s->schema_id() == current_schema_id; });
  if (!found) fail(status::CORRUPT, fmt::format("current-schema-id names no schema: {}", current_schema_id), location);
  return *found;
}

std::shared_ptr<const schema> table_metadata::find_schema(std::int32_t schema_id) const noexcept {
  const auto *found = find_where(schemas, [&](const auto &s) { return s->schema_id() == schema_id; });
  return found ? *found : nullptr;
}

const partition_spec &table_metadata::default_spec() const {
  const partition_spec *found = find_spec(default_spec_id);
  if (!found)
    fail(status::CORRUPT, fmt::format("default-spec-id names no partition spec: {}", default_spec_id), location);
  return *found;
}

const partition_spec *table_metadata::find_spec(std::int32_t spec_id) const noexcept {
  return find_where(partition_specs, [&](const partition_spec &s) { return s.spec_id == spec_id; });
}

std::shared_ptr<const snapshot> table_metadata::find_snapshot(std::int64_t snapshot_id) const noexcept {
  // Mostly a recent one is asked for, and those are at the end.
  const auto found =
      std::find_if(snapshots.rbegin(), snapshots.rend(), [&](const auto &s) { return s->snapshot_id == snapshot_id; });
  return found == snapshots.rend() ? nullptr : *found;
}

std::shared_ptr<const snapshot> table_metadata::current_snapshot() const noexcept {
  return current_snapshot_id ? find_snapshot(*current_snapshot_id) : nullptr;
}

std::shared_ptr<const snapshot> table_metadata::snapshot_as_of(std::int64_t timestamp_ms) const {
  // The log may step back by a little, so the last fitting entry counts, wherever it is.
  const auto entry = std::find_if(snapshot_log.rbegin(), snapshot_log.rend(),
                                  [&](const snapshot_log_entry &e) { return e.timestamp_ms <= timestamp_ms; });
  if (entry == snapshot_log.rend()) {
    const std::string earliest =
        snapshot_log.empty() ? "it has none"
                             : fmt::format("its first is of {}", epoch_ms_to_text(snapshot_log.front().timestamp_ms));
    fail(status::NOT_FOUND,
         fmt::format("the table has no snapshot at or before {}: {}", epoch_ms_to_text(timestamp_ms), earliest),
         location);
  }
  std::shared_ptr<const snapshot> found = find_snapshot(entry->snapshot_id);
  if (!found) {
    fail(status::NOT_FOUND,
         fmt::format("snapshot {}, current at {}, has expired", entry->snapshot_id, epoch_ms_to_text(timestamp_ms)),
         location);
  }
  return found;
}

std::shared_ptr<const schema> table_metadata::schema_of(const snapshot *s) const {
  if (!s || !s->schema_id) return current_schema();
  std::shared_ptr<const schema> found = find_schema(*s->schema_id);
  if (!found) {
    fail(status::CORRUPT, fmt::format("snapshot {} names no schema of the table: {}", s->snapshot_id, *s->schema_id),
         location);
  }
  return found;
}

std::vector<std::int64_t> table_metadata::ancestors_of(std::int64_t snapshot_id) const {
  std::unordered_map<std::int64_t, const snapshot *> by_id;
  for (const auto &s : snapshots) by_id.emplace(s->snapshot_id, s.get());
  std::vector<std::int64_t> ancestors;
  std::optional<std::int64_t> next = snapshot_id;
  while (next) {
    const auto found = by_id.find(*next);
    if (found == by_id.end()) break;  // expired
    ancestors.push_back(*next);
    next = found->second->parent_snapshot_id;
    by_id.erase(found);  // a circle of parents ends here
  }
  return ancestors;
}

const std::string *table_metadata::property(std::string_view key) const noexcept {
  const auto found = properties.find(key);
  return found == properties.end() ? nullptr : &found->second;
}

}  // namespace evodb
