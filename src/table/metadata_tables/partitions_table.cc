#include "table/metadata_tables/partitions_table.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/run_on.h"
#include "table/diff/manifest_walk.h"
#include "table/diff/partition_totals.h"
#include "table/metadata_tables/listed_rows.h"

namespace evodb {
namespace {

struct live_files_totals {
  std::int64_t records = 0, files = 0, bytes = 0;
  std::int64_t position_delete_records = 0, position_delete_files = 0;
  std::int64_t equality_delete_records = 0, equality_delete_files = 0;
  const snapshot *last_updated = nullptr;
};

std::vector<export_column> partition_columns() {
  using kind = export_column::kind;
  return {json_column("partition", false),
          {"spec_id", kind::int32, false},
          {"record_count", kind::int64, false},
          {"file_count", kind::int64, false},
          {"total_data_file_size_in_bytes", kind::int64, false},
          {"position_delete_record_count", kind::int64, false},
          {"position_delete_file_count", kind::int64, false},
          {"equality_delete_record_count", kind::int64, false},
          {"equality_delete_file_count", kind::int64, false},
          timestamp_column("last_updated_at", true),
          {"last_updated_snapshot_id", kind::int64, true}};
}

/// The rows all come at the end.
class partition_rows final : public row_source {
 public:
  partition_rows(const table &of, std::shared_ptr<const manifest_files> manifests)
      : of_(of),
        columns_(partition_columns()),
        walk_(of, std::move(manifests), manifest_columns_wanted()),
        totals_(of.context()->runtime().memory()) {
    for (const auto &one : of_.metadata()->snapshots) snapshots_.emplace(one->snapshot_id, one.get());
  }

  task<std::optional<export_batch>> next() override {
    const executor cpu = of_.context()->runtime().cpu();
    while (const std::optional<manifest_walk::walked> one = co_await walk_.next()) {
      auto count_them = [&] { count(*one); };
      co_await run_on(cpu, count_them);
    }
    std::optional<export_batch> batch(columns_);
    auto write = [&] {
      for (; next_ < totals_.all().size() && !is_full(*batch); ++next_) append(*batch);
    };
    co_await run_on(cpu, write);
    if (batch->row_count() == 0) batch.reset();
    co_return batch;
  }

 private:
  void count(const manifest_walk::walked &from) {
    planned_files files;
    files.entries = from.entries;
    files.pruning = from.spec;
    for (std::size_t row = 0; row < from.entries->size(); ++row) {
      if (from.entries->is_live(row)) files.rows.push_back(static_cast<std::uint32_t>(row));
    }
    const data_files &columns = files.columns();
    for (std::size_t i = 0; i < files.rows.size(); ++i) {
      const std::size_t row = files.rows[i];
      live_files_totals &totals = totals_.of(files, i);
      const std::int64_t records = std::max<std::int64_t>(columns.record_counts[row], 0);
      switch (columns.contents[row]) {
        case file_content::data:
          totals.records += records;
          totals.bytes += std::max<std::int64_t>(columns.file_sizes[row], 0);
          ++totals.files;
          break;
        case file_content::position_deletes:
          totals.position_delete_records += records;
          ++totals.position_delete_files;
          break;
        case file_content::equality_deletes:
          totals.equality_delete_records += records;
          ++totals.equality_delete_files;
          break;
      }
      const auto by = snapshots_.find(files.entries.snapshot_id(row));
      if (by == snapshots_.end()) continue;
      const bool is_later =
          totals.last_updated == nullptr || by->second->timestamp_ms > totals.last_updated->timestamp_ms;
      if (is_later) totals.last_updated = by->second;
    }
  }

  void append(export_batch &to) const {
    const auto &partition = totals_.all()[next_];
    const live_files_totals &totals = partition.totals;
    std::size_t column = 0;
    to.append_text(column++, partition.json);
    to.append_int32(column++, partition.spec_id);
    for (const std::int64_t number :
         {totals.records, totals.files, totals.bytes, totals.position_delete_records, totals.position_delete_files,
          totals.equality_delete_records, totals.equality_delete_files}) {
      to.append_int64(column++, number);
    }
    if (totals.last_updated == nullptr) {
      to.append_null(column++);
      to.append_null(column++);
    } else {
      append_timestamp(to, column++, totals.last_updated->timestamp_ms);
      to.append_int64(column++, totals.last_updated->snapshot_id);
    }
  }

  const table of_;
  const std::vector<export_column> columns_;
  manifest_walk walk_;
  partition_totals<live_files_totals> totals_;
  std::unordered_map<std::int64_t, const snapshot *> snapshots_;
  std::size_t next_ = 0;
};

}  // namespace

row_set partitions_table(const table &of, std::shared_ptr<const manifest_files> manifests) {
  row_set rows;
  rows.columns = partition_columns();
  rows.open = [of, manifests = std::move(manifests)] { return std::make_shared<partition_rows>(of, manifests); };
  return rows;
}

}  // namespace evodb
