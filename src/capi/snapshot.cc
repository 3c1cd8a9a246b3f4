#include <fmt/format.h>

#include "capi/boundary.h"
#include "capi/table.h"
#include "table/scan/plan.h"

using namespace evodb;
using namespace evodb::capi;

struct evodb_snapshot {
  std::shared_ptr<const snapshot> value;
};

namespace {

template <typename Find>
evodb_status find_snapshot(const evodb_table *table, evodb_snapshot **out_snapshot, evodb_error **error, Find find) {
  return guarded(error, [&] {
    require(table, "table");
    require(out_snapshot, "out_snapshot");
    std::shared_ptr<const snapshot> found = find(*table->value.metadata());
    if (!found) fail(status::NOT_FOUND, "the table has no such snapshot", table->location);
    *out_snapshot = new evodb_snapshot{std::move(found)};
  });
}

std::vector<bool> current_ancestors(const table_metadata &metadata) {
  std::vector<bool> are_ancestors(metadata.snapshots.size());
  if (!metadata.current_snapshot_id) return are_ancestors;
  metadata.visit_ancestors(*metadata.current_snapshot_id, [&](const snapshot &one) {
    are_ancestors[*metadata.snapshots.position_of(one.snapshot_id)] = true;
    return true;
  });
  return are_ancestors;
}

}  // namespace

void evodb_snapshot_free(evodb_snapshot *snapshot) {
  delete snapshot;
}

int64_t evodb_table_snapshot_count(const evodb_table *table) {
  return table == nullptr ? 0 : static_cast<int64_t>(table->value.metadata()->snapshots.size());
}

evodb_status evodb_table_snapshot_at(const evodb_table *table, int64_t index, evodb_snapshot **out_snapshot,
                                     evodb_error **error) {
  return find_snapshot(table, out_snapshot, error,
                       [&](const table_metadata &metadata) { return checked_at(metadata.snapshots, index); });
}

evodb_status evodb_table_current_snapshot(const evodb_table *table, evodb_snapshot **out_snapshot,
                                          evodb_error **error) {
  return find_snapshot(table, out_snapshot, error,
                       [](const table_metadata &metadata) { return metadata.current_snapshot(); });
}

evodb_status evodb_table_snapshot_by_id(const evodb_table *table, int64_t snapshot_id, evodb_snapshot **out_snapshot,
                                        evodb_error **error) {
  return find_snapshot(table, out_snapshot, error,
                       [&](const table_metadata &metadata) { return metadata.find_snapshot(snapshot_id); });
}

evodb_status evodb_table_snapshot_as_of(const evodb_table *table, int64_t time_ms, evodb_snapshot **out_snapshot,
                                        evodb_error **error) {
  return find_snapshot(table, out_snapshot, error,
                       [&](const table_metadata &metadata) { return metadata.snapshot_as_of(time_ms); });
}

evodb_status evodb_table_snapshot_by_ref(const evodb_table *table, const char *ref, int64_t ref_length,
                                         evodb_snapshot **out_snapshot, evodb_error **error) {
  return find_snapshot(table, out_snapshot, error, [&](const table_metadata &metadata) {
    scan_request request;
    request.ref = text_in(ref, ref_length, "ref");
    return choose_snapshot(metadata, request).at;
  });
}

evodb_bool evodb_table_is_current_ancestor(const evodb_table *table, int64_t snapshot_id) {
  if (table == nullptr) return 0;
  evodb_bool is_ancestor = 0;
  guarded(nullptr, [&] {
    const table_metadata &metadata = *table->value.metadata();
    auto *handle = const_cast<evodb_table *>(table);
    std::call_once(handle->ancestors_once, [&] { handle->are_ancestors = current_ancestors(metadata); });
    const std::optional<std::size_t> position = metadata.snapshots.position_of(snapshot_id);
    is_ancestor = position && table->are_ancestors[*position] ? 1 : 0;
  });
  return is_ancestor;
}

int64_t evodb_snapshot_id(const evodb_snapshot *snapshot) {
  return snapshot == nullptr ? -1 : snapshot->value->snapshot_id;
}

int64_t evodb_snapshot_parent_id(const evodb_snapshot *snapshot) {
  return snapshot == nullptr ? -1 : snapshot->value->parent_snapshot_id.value_or(-1);
}

int64_t evodb_snapshot_sequence_number(const evodb_snapshot *snapshot) {
  return snapshot == nullptr ? -1 : snapshot->value->sequence_number;
}

int64_t evodb_snapshot_timestamp_ms(const evodb_snapshot *snapshot) {
  return snapshot == nullptr ? -1 : snapshot->value->timestamp_ms;
}

int32_t evodb_snapshot_schema_id(const evodb_snapshot *snapshot) {
  return snapshot == nullptr ? -1 : snapshot->value->schema_id.value_or(-1);
}

const char *evodb_snapshot_operation(const evodb_snapshot *snapshot, int64_t *out_length) {
  // NUL-terminated: operation() is a view of one of the summary's strings.
  return text_out(snapshot == nullptr ? std::string_view() : snapshot->value->operation(), out_length);
}

const char *evodb_snapshot_manifest_list(const evodb_snapshot *snapshot, int64_t *out_length) {
  return text_out(snapshot == nullptr ? std::string_view() : snapshot->value->manifest_list, out_length);
}

int64_t evodb_snapshot_summary_count(const evodb_snapshot *snapshot) {
  return snapshot == nullptr ? 0 : static_cast<int64_t>(snapshot->value->summary.size());
}

evodb_status evodb_snapshot_summary_at(const evodb_snapshot *snapshot, int64_t index, const char **out_key,
                                       int64_t *out_key_length, const char **out_value, int64_t *out_value_length,
                                       evodb_error **error) {
  return guarded(error, [&] {
    require(snapshot, "snapshot");
    const auto &[key, value] = checked_at(snapshot->value->summary, index);
    text_out(key, out_key, out_key_length);
    text_out(value, out_value, out_value_length);
  });
}

evodb_status evodb_snapshot_summary(const evodb_snapshot *snapshot, const char *key, int64_t key_length,
                                    const char **out_value, int64_t *out_value_length, evodb_error **error) {
  return guarded(error, [&] {
    require(snapshot, "snapshot");
    const std::string_view name = text_in(key, key_length, "key");
    const std::string *found = find_value(snapshot->value->summary, name);
    if (found == nullptr) fail(status::NOT_FOUND, fmt::format("the summary has no key {}", name), std::string(name));
    text_out(*found, out_value, out_value_length);
  });
}
