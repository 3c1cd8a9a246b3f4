#include "table/snapshots/snapshot_summary.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "base/error.h"
#include "base/little_endian.h"

namespace evodb {
namespace {

std::optional<std::int64_t> parse_total(const std::string *text) {
  std::int64_t total = 0;
  if (text == nullptr) return std::nullopt;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), total);
  if (failed != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return total;
}

std::int64_t changed_partition_count(const table_files &files, const table_metadata &base) {
  std::set<std::string> partitions;
  for (const auto &batch : files.batches) {
    const partition_spec *spec = base.find_spec(batch->spec_id);
    if (spec == nullptr || spec->is_unpartitioned()) {
      partitions.insert({});
      continue;
    }
    bytes tuple;
    for (std::size_t row = 0; row < batch->size(); ++row) {
      tuple.clear();
      for (const value_column &column : batch->partitions) {
        const value v = column.at(row, batch->arena);
        const bytes part = is_null(v) ? bytes("-") : "+" + to_single_value(column.type, v);
        append_le(tuple, static_cast<std::uint32_t>(part.size()));
        tuple += part;
      }
      partitions.insert(tuple);
    }
  }
  return static_cast<std::int64_t>(partitions.size());
}

/// The summary's totals follow from the parent's; where the parent does not say, neither do we (as in Iceberg Java).
void add_totals(string_pairs &summary, const snapshot *parent, std::int64_t files, std::int64_t records,
                std::int64_t size) {
  const std::pair<const char *, std::int64_t> totals[] = {{"total-records", records},    {"total-files-size", size},
                                                          {"total-data-files", files},   {"total-delete-files", 0},
                                                          {"total-position-deletes", 0}, {"total-equality-deletes", 0}};
  for (const auto &[key, added] : totals) {
    std::optional<std::int64_t> before = 0;
    if (parent != nullptr) before = parse_total(find_value(parent->summary, key));
    if (before) set_value(summary, key, std::to_string(*before + added));
  }
}

}  // namespace

std::shared_ptr<const snapshot> head_of(const table_metadata &table, const std::string &branch) {
  const auto ref = table.refs.find(branch);
  return ref == table.refs.end() ? table.current_snapshot() : table.find_snapshot(ref->second.snapshot_id);
}

snapshot describe_snapshot(std::string_view operation, const file_changes &changes, const snapshot_plan &plan,
                           const table_metadata &base, const commit_stamp &stamp) {
  const std::shared_ptr<const snapshot> parent = head_of(base, plan.branch);
  const table_files &added = *changes.added;
  const std::int64_t size = added.size_in_bytes();
  snapshot made;
  made.snapshot_id = plan.snapshot_id;
  if (parent) made.parent_snapshot_id = parent->snapshot_id;
  made.sequence_number = base.last_sequence_number + 1;
  made.timestamp_ms = stamp.timestamp_ms;
  made.schema_id = base.current_schema_id;
  set_value(made.summary, "operation", std::string(operation));
  for (const auto &[name, text] : plan.summary) set_value(made.summary, name, text);
  set_value(made.summary, "evodb.change", stamp.change_id.to_text());
  if (stamp.key) set_value(made.summary, stamp.key->property(), std::to_string(stamp.key->sequence));
  set_value(made.summary, "added-data-files", std::to_string(added.count()));
  set_value(made.summary, "added-records", std::to_string(added.record_count()));
  set_value(made.summary, "added-files-size", std::to_string(size));
  set_value(made.summary, "changed-partition-count", std::to_string(changed_partition_count(added, base)));
  add_totals(made.summary, parent.get(), added.count(), added.record_count(), size);
  if (base.format_version >= 3) {
    made.first_row_id = base.next_row_id;
    made.added_rows = added.record_count();
  }
  return made;
}

void check_summary(const string_pairs &given) {
  for (const auto &[key, text] : given) {
    bool is_ours = key.empty() || key == "operation" || key == "changed-partition-count";
    for (const std::string_view prefix : {"added-", "deleted-", "removed-", "total-", "evodb."}) {
      is_ours |= key.starts_with(prefix);
    }
    if (is_ours) {
      fail(status::INVALID_ARGUMENT, fmt::format("the summary's {} is not the caller's to write", key),
           "summary." + key);
    }
  }
}

}  // namespace evodb
