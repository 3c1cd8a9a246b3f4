#include "model/table_update.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.h"

namespace evodb {
namespace {

/// Facts of the metadata that other systems show as properties; stored, they would go stale.
constexpr std::string_view reserved_properties[] = {"format-version",           "uuid",
                                                    "snapshot-count",           "current-snapshot-id",
                                                    "current-snapshot-summary", "current-snapshot-timestamp-ms",
                                                    "current-schema",           "default-partition-spec",
                                                    "default-sort-order"};

[[noreturn]] void refuse(const std::string &problem, std::string subject = {}) {
  fail(status::INVALID_ARGUMENT, problem, std::move(subject));
}

/// Carries out one update; its time of change where the update has none of its own.
struct applier {
  table_metadata &m;
  std::int64_t timestamp_ms;

  void operator()(const update::assign_uuid &u) const {
    if (m.table_uuid != uuid{} && m.table_uuid != u.table_uuid) {
      refuse(fmt::format("table already has another uuid: {}", m.table_uuid.to_text()));
    }
    m.table_uuid = u.table_uuid;
  }

  void operator()(const update::upgrade_format_version &u) const {
    if (u.format_version > table_metadata::newest_format_version) {
      fail(status::UNSUPPORTED,
           fmt::format("format version above {}: {}", table_metadata::newest_format_version, u.format_version));
    }
    if (u.format_version < m.format_version) {
      refuse(fmt::format("format version cannot go down from {} to {}", m.format_version, u.format_version));
    }
    m.format_version = u.format_version;
  }

  void operator()(const update::set_location &u) const { m.location = u.location; }

  void operator()(const update::add_schema &u) const {
    const schema &added = *u.added;
    if (m.find_schema(added.schema_id())) refuse(fmt::format("table already has a schema of id {}", added.schema_id()));
    if (added.minimum_format_version() > m.format_version) {
      refuse(fmt::format("schema needs format version {}, but the table has {}", added.minimum_format_version(),
                         m.format_version));
    }
    m.schemas.push_back(u.added);
    m.last_column_id = std::max(m.last_column_id, added.highest_id());
  }

  void operator()(const update::set_current_schema &u) const {
    if (!m.find_schema(u.schema_id)) refuse(fmt::format("table has no schema of id {}", u.schema_id));
    m.current_schema_id = u.schema_id;
  }

  void operator()(const update::add_partition_spec &u) const {
    if (m.find_spec(u.spec.spec_id)) refuse(fmt::format("table already has a partition spec of id {}", u.spec.spec_id));
    check_partition_spec(u.spec, *m.current_schema(), m.partition_specs);
    std::int32_t expected = partition_spec::first_field_id;
    for (const partition_field &f : u.spec.fields) {
      if (f.field_id < partition_spec::first_field_id)
        refuse(fmt::format("partition field id is below 1000: {}", f.field_id), f.name);
      if (m.format_version == 1 && f.field_id != expected++) {
        refuse(fmt::format("partition field ids of version 1 count up from 1000, but here is {}", f.field_id), f.name);
      }
    }
    m.partition_specs.push_back(u.spec);
    for (const partition_field &f : u.spec.fields) m.last_partition_id = std::max(m.last_partition_id, f.field_id);
  }

  void operator()(const update::set_default_spec &u) const {
    if (!m.find_spec(u.spec_id)) refuse(fmt::format("table has no partition spec of id {}", u.spec_id));
    m.default_spec_id = u.spec_id;
  }

  void operator()(const update::add_sort_order &u) const {
    const sort_order &order = u.order;
    if (has_sort_order(order.order_id)) refuse(fmt::format("table already has a sort order of id {}", order.order_id));
    if ((order.order_id == 0) != order.fields.empty()) refuse("sort order 0, and no other, has no fields");
    for (const sort_field &f : order.fields) check_sort_field(f);
    m.sort_orders.push_back(order);
  }

  void operator()(const update::set_default_sort_order &u) const {
    if (!has_sort_order(u.order_id)) refuse(fmt::format("table has no sort order of id {}", u.order_id));
    m.default_sort_order_id = u.order_id;
  }

  void operator()(const update::add_snapshot &u) const {
    const snapshot &added = *u.added;
    if (m.find_snapshot(added.snapshot_id))
      refuse(fmt::format("table already has a snapshot of id {}", added.snapshot_id));
    if (m.format_version > 1 && added.sequence_number <= m.last_sequence_number) {
      refuse(fmt::format("snapshot's sequence number {} is not above the last one, {}", added.sequence_number,
                         m.last_sequence_number));
    }
    if (added.schema_id && !m.find_schema(*added.schema_id))
      refuse(fmt::format("snapshot names no schema of the table: {}", *added.schema_id));
    if (m.format_version >= 3) m.next_row_id = next_row_id_after(added);
    if (m.format_version > 1) m.last_sequence_number = added.sequence_number;
    m.snapshots.push_back(u.added);
  }

  void operator()(const update::set_snapshot_ref &u) const {
    if (!m.find_snapshot(u.ref.snapshot_id))
      refuse(fmt::format("ref names no snapshot of the table: {}", u.ref.snapshot_id), u.name);
    if (u.name == table_metadata::main_branch && !u.ref.is_branch) refuse("main cannot become a tag", u.name);
    if (!u.ref.is_branch && (u.ref.min_snapshots_to_keep || u.ref.max_snapshot_age_ms)) {
      refuse("tag cannot keep snapshots besides its own", u.name);
    }
    if (u.name == table_metadata::main_branch && m.current_snapshot_id != u.ref.snapshot_id) {
      m.current_snapshot_id = u.ref.snapshot_id;
      m.snapshot_log.push_back({timestamp_ms, u.ref.snapshot_id});
    }
    m.refs.insert_or_assign(u.name, u.ref);
  }

  void operator()(const update::remove_snapshots &u) const {
    std::unordered_set<std::int64_t> removed(u.snapshot_ids.begin(), u.snapshot_ids.end());
    const auto is_removed = [&](std::int64_t id) { return removed.contains(id); };
    const auto present = std::count_if(m.snapshots.begin(), m.snapshots.end(),
                                       [&](const auto &s) { return is_removed(s->snapshot_id); });
    if (static_cast<std::size_t>(present) != removed.size()) refuse("table has not all of the snapshots to remove");
    m.snapshots.erase_if([&](const auto &s) { return is_removed(s->snapshot_id); });
    std::erase_if(m.statistics, [&](const statistics_file &f) { return is_removed(f.snapshot_id); });
    std::erase_if(m.partition_statistics,
                  [&](const partition_statistics_file &f) { return is_removed(f.snapshot_id); });
    std::erase_if(m.refs, [&](const auto &ref) { return is_removed(ref.second.snapshot_id); });
    if (m.current_snapshot_id && is_removed(*m.current_snapshot_id)) m.current_snapshot_id.reset();
    trim_snapshot_log(removed);
  }

  void operator()(const update::remove_snapshot_ref &u) const {
    if (m.refs.erase(u.name) == 0) refuse(fmt::format("table has no ref '{}'", u.name), u.name);
    if (u.name == table_metadata::main_branch) m.current_snapshot_id.reset();
  }

  void operator()(const update::set_properties &u) const {
    for (const auto &[key, value] : u.properties) {
      if (std::find(std::begin(reserved_properties), std::end(reserved_properties), key) !=
          std::end(reserved_properties)) {
        refuse(fmt::format("property is reserved: '{}'", key), key);
      }
      if (key.empty()) refuse("property has an empty key");
    }
    for (const auto &[key, value] : u.properties) m.properties.insert_or_assign(key, value);
  }

  void operator()(const update::remove_properties &u) const {
    for (const std::string &key : u.keys) m.properties.erase(key);
  }

 private:
  bool has_sort_order(std::int32_t id) const noexcept {
    return std::any_of(m.sort_orders.begin(), m.sort_orders.end(),
                       [&](const sort_order &o) { return o.order_id == id; });
  }

  void check_sort_field(const sort_field &f) const {
    for (const std::int32_t id : f.source_ids) {
      const field *source = m.current_schema()->find(id);
      if (!source) refuse(fmt::format("sort field's source column {} does not exist", id));
      if (!f.transform.can_transform(source->type)) {
        refuse(fmt::format("transform {} does not take a column of type {}", f.transform.to_text(),
                           source->type.to_text()),
               source->name);
      }
    }
    if (f.source_ids.empty()) refuse("sort field has no source column");
  }

  std::int64_t next_row_id_after(const snapshot &added) const {
    if (!added.first_row_id || !added.added_rows || *added.added_rows < 0) {
      refuse(fmt::format("snapshot {} of a version 3 table does not say which row ids it takes", added.snapshot_id));
    }
    if (*added.first_row_id < m.next_row_id) {
      refuse(fmt::format("snapshot's first row id {} is below the next one, {}", *added.first_row_id, m.next_row_id));
    }
    std::int64_t next = 0;
    if (__builtin_add_overflow(*added.first_row_id, *added.added_rows, &next)) refuse("row ids are used up");
    return next;
  }

  /// A gap would claim that an earlier snapshot stayed current for longer, so everything before the last gap goes.
  void trim_snapshot_log(const std::unordered_set<std::int64_t> &removed) const {
    const auto last_gap = std::find_if(m.snapshot_log.rbegin(), m.snapshot_log.rend(),
                                       [&](const snapshot_log_entry &e) { return removed.contains(e.snapshot_id); });
    m.snapshot_log.erase(m.snapshot_log.begin(), last_gap.base());
  }
};

std::int64_t time_of_change(const table_update &change, std::int64_t timestamp_ms) {
  const auto *added = std::get_if<update::add_snapshot>(&change);
  return added ? added->added->timestamp_ms : timestamp_ms;
}

}  // namespace

void apply(table_metadata &metadata, const table_update &change, std::int64_t timestamp_ms) {
  std::visit(applier{metadata, timestamp_ms}, change);
  metadata.last_updated_ms = std::max(metadata.last_updated_ms, time_of_change(change, timestamp_ms));
}

update::set_snapshot_ref move_branch(const table_metadata &base, const std::string &branch, std::int64_t snapshot_id) {
  const auto known = base.refs.find(branch);
  snapshot_ref moved = known == base.refs.end() ? snapshot_ref() : known->second;
  if (!moved.is_branch) fail(status::CONFLICT, fmt::format("'{}' is a tag now: tags do not move", branch), branch);
  moved.snapshot_id = snapshot_id;
  return {branch, moved};
}

}  // namespace evodb
