#include "model/table_metadata.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/time.h"

namespace evodb {
namespace {

/// What has the id; null if nothing has it. Schemas and specs are numbered from 0, so each mostly stands at the place of its
/// number.
template <typename List, typename IdOf>
auto *find_numbered(const List &list, std::int32_t id, IdOf id_of) noexcept {
  const auto guess = static_cast<std::size_t>(id);
  if (id >= 0 && guess < list.size() && id_of(list[guess]) == id) return &list[guess];
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto &one) { return id_of(one) == id; });
  return found == list.end() ? nullptr : &*found;
}

std::int32_t id_of_schema(const std::shared_ptr<const schema> &one) noexcept {
  return one->schema_id();
}

}  // namespace

const std::shared_ptr<const schema> &table_metadata::current_schema() const {
  const auto *found = find_numbered(schemas, current_schema_id, id_of_schema);
  if (!found) fail(status::CORRUPT, fmt::format("current-schema-id names no schema: {}", current_schema_id), location);
  return *found;
}

std::shared_ptr<const schema> table_metadata::find_schema(std::int32_t schema_id) const noexcept {
  const auto *found = find_numbered(schemas, schema_id, id_of_schema);
  return found ? *found : nullptr;
}

const partition_spec &table_metadata::default_spec() const {
  const partition_spec *found = find_spec(default_spec_id);
  if (!found)
    fail(status::CORRUPT, fmt::format("default-spec-id names no partition spec: {}", default_spec_id), location);
  return *found;
}

const partition_spec *table_metadata::find_spec(std::int32_t spec_id) const noexcept {
  return find_numbered(partition_specs, spec_id, [](const partition_spec &s) { return s.spec_id; });
}

std::shared_ptr<const snapshot> table_metadata::find_snapshot(std::int64_t snapshot_id) const noexcept {
  const std::optional<std::size_t> position = snapshots.position_of(snapshot_id);
  return position ? snapshots[*position] : nullptr;
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

void table_metadata::visit_ancestors(std::int64_t snapshot_id,
                                     const std::function<bool(const snapshot &)> &visit) const {
  std::vector<bool> visited(snapshots.size());
  std::optional<std::size_t> at = snapshots.position_of(snapshot_id);
  while (at && !visited[*at]) {  // a circle of parents ends here
    visited[*at] = true;
    const snapshot &one = *snapshots[*at];
    if (!visit(one)) return;
    at = one.parent_snapshot_id ? snapshots.position_of(*one.parent_snapshot_id) : std::nullopt;
  }
}

bool table_metadata::is_ancestor(std::int64_t ancestor_id, std::int64_t snapshot_id) const {
  bool is_found = false;
  visit_ancestors(snapshot_id, [&](const snapshot &one) {
    is_found = one.snapshot_id == ancestor_id;
    return !is_found;
  });
  return is_found;
}

void complete(table_metadata &m) {
  constexpr std::int64_t most_rows = std::int64_t{1} << 62;  // no table has more; a commit on top must not overflow
  for (const auto &s : m.schemas) m.last_column_id = std::max(m.last_column_id, s->highest_id());
  for (const partition_spec &spec : m.partition_specs) {
    for (const partition_field &f : spec.fields) m.last_partition_id = std::max(m.last_partition_id, f.field_id);
  }
  for (const auto &s : m.snapshots) {
    m.last_sequence_number = std::max(m.last_sequence_number, s->sequence_number);
    std::int64_t end = 0;
    const bool has_rows = s->first_row_id && !__builtin_add_overflow(*s->first_row_id, s->added_rows.value_or(0), &end);
    if (has_rows && end <= most_rows && m.format_version >= 3) m.next_row_id = std::max(m.next_row_id, end);
  }
  if (!m.current_snapshot_id) return;
  snapshot_ref main;
  main.snapshot_id = *m.current_snapshot_id;
  m.refs.emplace(table_metadata::main_branch, main);  // where it is missing
}

const std::string *table_metadata::property(std::string_view key) const noexcept {
  const auto found = properties.find(key);
  return found == properties.end() ? nullptr : &found->second;
}

}  // namespace evodb
