#include "table/metadata_tables/snapshot_tables.h"

#include <memory>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "codec/json_writer.h"
#include "table/metadata_tables/listed_rows.h"

namespace evodb {
namespace {

using column_kind = export_column::kind;

row_set rows_of_metadata(const table &of, std::vector<export_column> columns, std::size_t count,
                         listed_rows::appender append) {
  row_set rows;
  rows.columns = columns;
  rows.open = [cpu = of.context()->runtime().cpu(), columns = std::move(columns), count, append = std::move(append)] {
    return std::make_shared<listed_rows>(cpu, columns, count, append);
  };
  return rows;
}

std::string summary_json(const string_pairs &summary) {
  std::string text;
  json_writer to(text);
  to.begin_object();
  for (const auto &[key, value] : summary) {
    to.key(key);
    to.text(value);
  }
  to.end_object();
  return text;
}

}  // namespace

row_set snapshots_table(const table &of) {
  std::vector<export_column> columns{
      timestamp_column("committed_at", false),    {"snapshot_id", column_kind::int64, false},
      {"parent_id", column_kind::int64, true},    {"operation", column_kind::utf8, true},
      {"manifest_list", column_kind::utf8, true}, json_column("summary", false)};
  const auto append = [metadata = of.metadata()](export_batch &to, std::size_t i) {
    const snapshot &one = *metadata->snapshots[i];
    append_timestamp(to, 0, one.timestamp_ms);
    to.append_int64(1, one.snapshot_id);
    append_or_null(to, 2, one.parent_snapshot_id);
    to.append_text_or_null(3, one.operation());
    to.append_text_or_null(4, one.manifest_list);
    to.append_text(5, summary_json(one.summary));
  };
  return rows_of_metadata(of, std::move(columns), of.metadata()->snapshots.size(), append);
}

row_set history_table(const table &of) {
  std::vector<export_column> columns{timestamp_column("made_current_at", false),
                                     {"snapshot_id", column_kind::int64, false},
                                     {"parent_id", column_kind::int64, true},
                                     {"is_current_ancestor", column_kind::boolean, false}};
  auto ancestors = std::make_shared<std::unordered_set<std::int64_t>>();
  if (of.metadata()->current_snapshot_id) {
    of.metadata()->visit_ancestors(*of.metadata()->current_snapshot_id, [&](const snapshot &one) {
      ancestors->insert(one.snapshot_id);
      return true;
    });
  }
  const auto append = [metadata = of.metadata(), ancestors](export_batch &to, std::size_t i) {
    const snapshot_log_entry &entry = metadata->snapshot_log[i];
    const std::shared_ptr<const snapshot> made_current = metadata->find_snapshot(entry.snapshot_id);
    append_timestamp(to, 0, entry.timestamp_ms);
    to.append_int64(1, entry.snapshot_id);
    append_or_null(to, 2, made_current ? made_current->parent_snapshot_id : std::nullopt);
    to.append_boolean(3, ancestors->contains(entry.snapshot_id));
  };
  return rows_of_metadata(of, std::move(columns), of.metadata()->snapshot_log.size(), append);
}

row_set refs_table(const table &of) {
  std::vector<export_column> columns{{"name", column_kind::utf8, false},
                                     {"type", column_kind::utf8, false},
                                     {"snapshot_id", column_kind::int64, false},
                                     {"max_reference_age_in_ms", column_kind::int64, true},
                                     {"min_snapshots_to_keep", column_kind::int32, true},
                                     {"max_snapshot_age_in_ms", column_kind::int64, true}};
  const auto &refs = of.metadata()->refs;
  const std::vector<std::pair<std::string, snapshot_ref>> listed(refs.begin(), refs.end());
  const auto append = [listed](export_batch &to, std::size_t i) {
    const auto &[name, ref] = listed[i];
    to.append_text(0, name);
    to.append_text(1, ref.is_branch ? "BRANCH" : "TAG");
    to.append_int64(2, ref.snapshot_id);
    append_or_null(to, 3, ref.max_ref_age_ms);
    append_or_null(to, 4, ref.min_snapshots_to_keep);
    append_or_null(to, 5, ref.max_snapshot_age_ms);
  };
  return rows_of_metadata(of, std::move(columns), listed.size(), append);
}

}  // namespace evodb
