#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/error.h"
#include "model/table_metadata.h"

namespace evodb {
namespace {

constexpr std::uint64_t clock_tolerance_ms = 60'000;  // how far Java lets its logs step back

[[noreturn]] void fail_metadata(const table_metadata &m, const std::string &problem) {
  fail(status::CORRUPT, fmt::format("table metadata contradicts itself: {}", problem), m.location);
}

bool is_absolute(std::string_view location) noexcept {
  return location.starts_with('/') || location.starts_with("file:/") || location.find("://") != std::string_view::npos;
}

void check_location(const table_metadata &m) {
  if (is_absolute(m.location)) return;
  fail(status::UNSUPPORTED,
       fmt::format(
           "the table's location is relative: '{}'; such a table is good in one working folder alone. Rewrite its "
           "paths as absolute ones, as Iceberg's rewrite_table_path does",
           m.location),
       m.location);
}

void check_format_version(const table_metadata &m) {
  if (m.format_version < 1) fail_metadata(m, fmt::format("format-version is {}", m.format_version));
  if (m.format_version > table_metadata::newest_format_version) {
    fail(status::UNSUPPORTED,
         fmt::format("table has format version {}, and this library supports versions up to {}", m.format_version,
                     table_metadata::newest_format_version),
         m.location);
  }
}

/// Two things of one id are one where they are the same.
void check_schema_ids(const table_metadata &m) {
  std::unordered_map<std::int32_t, const schema *> by_id;
  for (const auto &s : m.schemas) {
    const auto [known, is_new] = by_id.emplace(s->schema_id(), s.get());
    if (!is_new && !known->second->same_fields(*s)) {
      fail_metadata(m, fmt::format("two schemas have the id {}", s->schema_id()));
    }
  }
  if (!by_id.contains(m.current_schema_id)) {
    fail_metadata(m, fmt::format("current-schema-id names no schema: {}", m.current_schema_id));
  }
}

void check_spec_ids(const table_metadata &m) {
  std::unordered_map<std::int32_t, const partition_spec *> by_id;
  for (const partition_spec &spec : m.partition_specs) {
    const auto [known, is_new] = by_id.emplace(spec.spec_id, &spec);
    if (!is_new && known->second->fields != spec.fields) {
      fail_metadata(m, fmt::format("two partition specs have the id {}", spec.spec_id));
    }
    std::unordered_set<std::int32_t> field_ids;
    for (const partition_field &f : spec.fields) {
      if (f.source_ids.empty()) fail_metadata(m, fmt::format("partition field has no source: '{}'", f.name));
      if (!field_ids.insert(f.field_id).second) {
        fail_metadata(m, fmt::format("partition spec {} has field id {} twice", spec.spec_id, f.field_id));
      }
    }
  }
}

void check_snapshot_ids(const table_metadata &m) {
  std::unordered_map<std::int64_t, const snapshot *> by_id;
  for (const auto &s : m.snapshots) {
    const auto [known, is_new] = by_id.emplace(s->snapshot_id, s.get());
    if (!is_new && *known->second != *s) fail_metadata(m, fmt::format("two snapshots have the id {}", s->snapshot_id));
  }
  if (m.current_snapshot_id && !by_id.contains(*m.current_snapshot_id)) {
    fail_metadata(m, fmt::format("current-snapshot-id names no snapshot: {}", *m.current_snapshot_id));
  }
}

/// Which snapshot is current must not depend on where one looks.
void check_main_branch(const table_metadata &m) {
  const auto main = m.refs.find(table_metadata::main_branch);
  if (main == m.refs.end()) return;
  if (!m.current_snapshot_id) fail_metadata(m, "there is a main branch, but no current snapshot");
  if (main->second.snapshot_id != *m.current_snapshot_id) {
    fail_metadata(m, fmt::format("main is at snapshot {}, but current-snapshot-id is {}", main->second.snapshot_id,
                                 *m.current_snapshot_id));
  }
}

template <typename List, typename IdOf>
void check_no_id_twice(const table_metadata &m, const char *things, const List &list, IdOf id_of) {
  std::unordered_set<std::int64_t> ids;
  for (const auto &one : list) {
    if (!ids.insert(id_of(one)).second) fail_metadata(m, fmt::format("two {} have the id {}", things, id_of(one)));
  }
}

void check_counters(const table_metadata &m) {
  if (m.last_sequence_number < 0) fail_metadata(m, "last-sequence-number is negative");
  if (m.last_column_id < 0) fail_metadata(m, "last-column-id is negative");
  if (m.next_row_id < 0) fail_metadata(m, "next-row-id is negative");
  for (const auto &s : m.schemas) {
    if (s->highest_id() > m.last_column_id) {
      fail_metadata(m, fmt::format("schema {} has field id {} above last-column-id {}", s->schema_id(), s->highest_id(),
                                   m.last_column_id));
    }
  }
  for (const partition_spec &spec : m.partition_specs) {
    for (const partition_field &f : spec.fields) {
      if (f.field_id > m.last_partition_id) {
        fail_metadata(
            m, fmt::format("partition field id {} is above last-partition-id {}", f.field_id, m.last_partition_id));
      }
    }
  }
}

void check_sort_orders(const table_metadata &m) {
  for (const sort_order &order : m.sort_orders) {
    if (order.order_id == 0 && !order.fields.empty()) fail_metadata(m, "sort order 0, unsorted, has fields");
    for (const sort_field &f : order.fields) {
      if (f.source_ids.empty()) fail_metadata(m, fmt::format("a field of sort order {} has no source", order.order_id));
    }
  }
}

void check_defaults(const table_metadata &m) {
  if (m.find_spec(m.default_spec_id) == nullptr) {
    fail_metadata(m, fmt::format("default-spec-id names no partition spec: {}", m.default_spec_id));
  }
  const bool has_order = std::any_of(m.sort_orders.begin(), m.sort_orders.end(), [&](const sort_order &order) {
    return order.order_id == m.default_sort_order_id;
  });
  if (!has_order) {
    fail_metadata(m, fmt::format("default-sort-order-id names no sort order: {}", m.default_sort_order_id));
  }
}

void check_row_ids(const table_metadata &m, const snapshot &s) {
  if (!s.first_row_id || m.format_version < 3) return;
  const std::int64_t added = s.added_rows.value_or(0);
  if (*s.first_row_id < 0 || added < 0 || *s.first_row_id > m.next_row_id - added) {
    fail_metadata(m, fmt::format("rows of snapshot {} are not below next-row-id {}", s.snapshot_id, m.next_row_id));
  }
}

void check_snapshots(const table_metadata &m) {
  for (const auto &s : m.snapshots) {
    if (s->sequence_number < 0 || s->sequence_number > m.last_sequence_number) {
      fail_metadata(m, fmt::format("snapshot {} has sequence number {}, but last-sequence-number is {}", s->snapshot_id,
                                   s->sequence_number, m.last_sequence_number));
    }
    check_row_ids(m, *s);
  }
}

void check_refs(const table_metadata &m) {
  std::unordered_set<std::int64_t> ids;
  for (const auto &s : m.snapshots) ids.insert(s->snapshot_id);
  for (const auto &[name, ref] : m.refs) {
    if (!ids.contains(ref.snapshot_id)) {
      fail_metadata(m, fmt::format("ref names no snapshot: '{}', {}", name, ref.snapshot_id));
    }
  }
  const auto main = m.refs.find(table_metadata::main_branch);
  if (main == m.refs.end()) {
    if (m.current_snapshot_id) fail_metadata(m, "there is a current snapshot, but no main branch");
  } else if (!main->second.is_branch) {
    fail_metadata(m, "main is a tag");
  }
}

template <typename Entry>
void check_log(const table_metadata &m, const char *name, const std::vector<Entry> &log) {
  for (std::size_t i = 0; i < log.size(); ++i) {
    const std::int64_t next = i + 1 < log.size() ? log[i + 1].timestamp_ms : m.last_updated_ms;
    const std::uint64_t step_back = static_cast<std::uint64_t>(log[i].timestamp_ms) - static_cast<std::uint64_t>(next);
    if (next < log[i].timestamp_ms && step_back > clock_tolerance_ms) {
      fail_metadata(m, fmt::format("{} steps back from {} to {} ms", name, log[i].timestamp_ms, next));
    }
  }
}

}  // namespace

void check_readable(const table_metadata &m) {
  check_format_version(m);
  check_location(m);
  check_schema_ids(m);
  check_spec_ids(m);
  check_snapshot_ids(m);
  check_main_branch(m);
}

void check_table_metadata(const table_metadata &m) {
  check_readable(m);
  if (!m.not_understood.empty()) {
    fail(status::UNSUPPORTED,
         fmt::format("the table's metadata holds what this version cannot read, and a commit would lose: {}",
                     m.not_understood.front()),
         m.location);
  }
  check_no_id_twice(m, "schemas", m.schemas, [](const auto &s) { return s->schema_id(); });
  check_no_id_twice(m, "partition specs", m.partition_specs, [](const partition_spec &s) { return s.spec_id; });
  check_no_id_twice(m, "sort orders", m.sort_orders, [](const sort_order &o) { return o.order_id; });
  check_no_id_twice(m, "snapshots", m.snapshots, [](const auto &s) { return s->snapshot_id; });
  check_counters(m);
  check_sort_orders(m);
  check_defaults(m);
  check_snapshots(m);
  check_refs(m);
  check_log(m, "snapshot-log", m.snapshot_log);
  check_log(m, "metadata-log", m.metadata_log);
}

}  // namespace evodb
