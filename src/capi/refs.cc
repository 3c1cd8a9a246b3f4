#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "capi/boundary.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/table.h"
#include "table/operations/cherry_pick.h"
#include "table/operations/fast_forward.h"
#include "table/operations/remove_ref.h"
#include "table/operations/roll_back.h"
#include "table/operations/set_ref.h"

using namespace evodb;
using namespace evodb::capi;

namespace {

std::optional<std::int64_t> read_positive(option_reader &reader, const char *key,
                                          std::int64_t highest = std::numeric_limits<std::int64_t>::max()) {
  return reader.integer(key, 1, highest);
}

set_ref_options read_set_ref_options(const evodb_options *options, bool is_branch) {
  option_reader reader(options);
  set_ref_options how;
  how.replace = reader.boolean("ref.replace").value_or(false);
  how.retention.max_ref_age_ms = read_positive(reader, "ref.max-ref-age-ms");
  if (is_branch) {
    how.retention.max_snapshot_age_ms = read_positive(reader, "ref.max-snapshot-age-ms");
    const auto least = read_positive(reader, "ref.min-snapshots-to-keep", std::numeric_limits<std::int32_t>::max());
    if (least) how.retention.min_snapshots_to_keep = static_cast<std::int32_t>(*least);
  }
  reader.finish();
  return how;
}

/// Main where none is named.
std::string branch_in(const char *branch, std::int64_t length) {
  const std::string_view name = text_in(branch, length, "branch");
  return name.empty() ? table_metadata::main_branch : std::string(name);
}

}  // namespace

int64_t evodb_table_ref_count(const evodb_table *table) {
  return table == nullptr ? 0 : static_cast<int64_t>(table->value.metadata()->refs.size());
}

evodb_status evodb_table_ref_at(const evodb_table *table, int64_t index, const char **out_name,
                                int64_t *out_name_length, evodb_bool *out_is_branch, int64_t *out_snapshot_id,
                                int64_t *out_min_snapshots_to_keep, int64_t *out_max_snapshot_age_ms,
                                int64_t *out_max_ref_age_ms, evodb_error **error) {
  return guarded(error, [&] {
    require(table, "table");
    const auto &[name, ref] = checked_at(table->value.metadata()->refs, index);
    text_out(name, out_name, out_name_length);
    if (out_is_branch != nullptr) *out_is_branch = ref.is_branch ? 1 : 0;
    if (out_snapshot_id != nullptr) *out_snapshot_id = ref.snapshot_id;
    if (out_min_snapshots_to_keep != nullptr) *out_min_snapshots_to_keep = ref.min_snapshots_to_keep.value_or(-1);
    if (out_max_snapshot_age_ms != nullptr) *out_max_snapshot_age_ms = ref.max_snapshot_age_ms.value_or(-1);
    if (out_max_ref_age_ms != nullptr) *out_max_ref_age_ms = ref.max_ref_age_ms.value_or(-1);
  });
}

evodb_status evodb_table_set_branch(const evodb_table *table, const char *branch, int64_t branch_length,
                                    int64_t snapshot_id, const evodb_options *options, evodb_table **out_table,
                                    evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    std::string name(text_in(branch, branch_length, "branch"));
    return set_branch(of, std::move(name), snapshot_id, read_set_ref_options(options, true));
  });
}

evodb_status evodb_table_set_tag(const evodb_table *table, const char *tag, int64_t tag_length, int64_t snapshot_id,
                                 const evodb_options *options, evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    std::string name(text_in(tag, tag_length, "tag"));
    return set_tag(of, std::move(name), snapshot_id, read_set_ref_options(options, false));
  });
}

evodb_status evodb_table_remove_ref(const evodb_table *table, const char *ref, int64_t ref_length,
                                    evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error,
                [&](const evodb::table &of) { return remove_ref(of, std::string(text_in(ref, ref_length, "ref"))); });
}

evodb_status evodb_table_fast_forward(const evodb_table *table, const char *branch, int64_t branch_length,
                                      const char *to, int64_t to_length, evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    std::string name(text_in(branch, branch_length, "branch"));
    return fast_forward(of, std::move(name), std::string(text_in(to, to_length, "to")));
  });
}

evodb_status evodb_table_roll_back(const evodb_table *table, int64_t snapshot_id, evodb_table **out_table,
                                   evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) { return roll_back(of, snapshot_id); });
}

evodb_status evodb_table_roll_back_to_time(const evodb_table *table, const char *branch, int64_t branch_length,
                                           int64_t time_ms, evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    return roll_back_to_time(of, branch_in(branch, branch_length), time_ms);
  });
}

evodb_future *evodb_table_cherry_pick(const evodb_table *table, int64_t snapshot_id, const evodb_options *options) {
  return start(runtime_of(table), [&] {
    require(table, "table");
    option_reader reader(options);
    cherry_pick_options how;
    if (auto branch = reader.text("snapshot.branch")) how.branch = *std::move(branch);
    how.summary = reader.texts_below("summary.");
    reader.finish();
    return [value = table->value, snapshot_id, how = std::move(how)] { return cherry_pick(value, snapshot_id, how); };
  });
}
