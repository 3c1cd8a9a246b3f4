#include "table/snapshots/snapshot_summary.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"

namespace evodb {
namespace {

std::optional<std::int64_t> parse_total(const std::string *text) {
  std::int64_t total = 0;
  if (text == nullptr) return std::nullopt;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), total);
  if (failed != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return total;
}

void set_count(string_pairs &summary, std::string_view key, std::int64_t count) {
  if (count != 0) set_value(summary, key, std::to_string(count));
}

void set_counts(string_pairs &summary, const file_totals &added, const file_totals &removed) {
  set_count(summary, "added-data-files", added.data_files);
  set_count(summary, "deleted-data-files", removed.data_files);
  set_count(summary, "added-delete-files", added.delete_files);
  set_count(summary, "removed-delete-files", removed.delete_files);
  set_count(summary, "added-position-delete-files", added.position_delete_files);
  set_count(summary, "removed-position-delete-files", removed.position_delete_files);
  set_count(summary, "added-dvs", added.vectors);
  set_count(summary, "removed-dvs", removed.vectors);
  set_count(summary, "added-equality-delete-files", added.equality_delete_files);
  set_count(summary, "removed-equality-delete-files", removed.equality_delete_files);
  set_count(summary, "added-records", added.records);
  set_count(summary, "deleted-records", removed.records);
  set_count(summary, "added-position-deletes", added.position_deletes);
  set_count(summary, "removed-position-deletes", removed.position_deletes);
  set_count(summary, "added-equality-deletes", added.equality_deletes);
  set_count(summary, "removed-equality-deletes", removed.equality_deletes);
  set_count(summary, "added-files-size", added.size);
  set_count(summary, "removed-files-size", removed.size);
}

/// The summary's totals follow from the parent's; where the parent does not say, neither do we (as in Iceberg Java).
void add_totals(string_pairs &summary, const snapshot *parent, const file_totals &added, const file_totals &removed) {
  const std::pair<const char *, std::int64_t> totals[] = {
      {"total-records", added.records - removed.records},
      {"total-files-size", added.size - removed.size},
      {"total-data-files", added.data_files - removed.data_files},
      {"total-delete-files", added.delete_files - removed.delete_files},
      {"total-position-deletes", added.position_deletes - removed.position_deletes},
      {"total-equality-deletes", added.equality_deletes - removed.equality_deletes}};
  for (const auto &[key, more] : totals) {
    std::optional<std::int64_t> before = 0;
    if (parent != nullptr) before = parse_total(find_value(parent->summary, key));
    std::int64_t total = 0;
    const bool is_sound = before && !__builtin_add_overflow(*before, more, &total) && total >= 0;
    if (is_sound) set_value(summary, key, std::to_string(total));
  }
}

}  // namespace

void check_branch(const std::string &name, const table_metadata &of) {
  if (name.empty()) fail(status::INVALID_ARGUMENT, "the name of the branch is empty", of.location);
  const auto known = of.refs.find(name);
  if (known != of.refs.end() && !known->second.is_branch)
    fail(status::INVALID_ARGUMENT, fmt::format("'{}' is a tag, and not a branch: tags do not move", name), name);
}

std::shared_ptr<const snapshot> head_of(const table_metadata &table, const std::string &branch) {
  const auto ref = table.refs.find(branch);
  return ref == table.refs.end() ? table.current_snapshot() : table.find_snapshot(ref->second.snapshot_id);
}

snapshot describe_snapshot(const snapshot_plan &plan, const file_totals &added, const file_totals *removed,
                           const table_metadata &base, const commit_stamp &stamp) {
  const std::shared_ptr<const snapshot> parent = head_of(base, plan.branch);
  snapshot made;
  made.snapshot_id = plan.snapshot_id;
  if (parent) made.parent_snapshot_id = parent->snapshot_id;
  made.sequence_number = base.last_sequence_number + 1;
  made.timestamp_ms = stamp.timestamp_ms;
  made.schema_id = base.current_schema_id;
  set_value(made.summary, "operation", plan.operation);
  for (const auto &[name, text] : plan.summary) set_value(made.summary, name, text);
  set_value(made.summary, "evodb.change", stamp.change_id.to_text());
  if (stamp.key) set_value(made.summary, stamp.key->property(), std::to_string(stamp.key->sequence));
  const file_totals none;
  set_counts(made.summary, added, removed != nullptr ? *removed : none);
  if (removed != nullptr) {
    std::set<bytes> partitions = added.partitions;
    partitions.insert(removed->partitions.begin(), removed->partitions.end());
    set_value(made.summary, "changed-partition-count", std::to_string(partitions.size()));
    add_totals(made.summary, parent.get(), added, *removed);
  }
  if (base.format_version >= 3) {
    made.first_row_id = base.next_row_id;
    made.added_rows = added.records;
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
