#include "table/diff/diff.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "runtime/run_on.h"
#include "table/diff/diff_walk.h"
#include "table/diff/partition_totals.h"
#include "table/diff/stored_snapshot.h"
#include "table/manifests/snapshot_manifests.h"

namespace evodb {
namespace {

/// Those of the first list that the second has not.
std::shared_ptr<const manifest_files> without_those_of(const manifest_files &all, const manifest_files &others) {
  std::unordered_set<std::string_view> in_both;
  in_both.reserve(others.size());
  for (const manifest_file &one : others) in_both.insert(one.manifest_path);
  auto left = std::make_shared<manifest_files>();
  for (const manifest_file &one : all) {
    if (!in_both.contains(one.manifest_path)) left->push_back(one);
  }
  return left;
}

/// A row for each file.
class differing_files final : public changed_file_source {
 public:
  explicit differing_files(std::shared_ptr<const differing_manifests> of)
      : changed_file_source(false, of->of.context()->runtime().cpu()), walk_(std::move(of)) {}

 private:
  task<std::optional<changed_files>> find() override { return walk_.next(); }
  bool may_wait() const override { return !walk_.has_ready(); }

  diff_walk walk_;
};

struct file_totals {
  std::int64_t files = 0, records = 0, bytes = 0;
};
struct diff_totals {
  file_totals added_data, removed_data, added_deletes, removed_deletes;
};

std::vector<export_column> diff_total_columns() {
  using kind = export_column::kind;
  std::vector<export_column> columns{
      {"spec_id", kind::int32, false}, json_column("partition", false), {"partition_path", kind::utf8, false}};
  for (const char *change : {"added", "removed"}) {
    for (const char *content : {"data", "delete"}) {
      for (const char *counted : {"files", "records", "bytes"}) {
        columns.push_back({std::string(change) + '_' + content + '_' + counted, kind::int64, false});
      }
    }
  }
  for (const char *of : {"from_schema_id", "to_schema_id"}) columns.push_back({of, kind::int32, true});
  return columns;
}

/// A row for each partition, which all come at the end.
class differing_partitions final : public row_source {
 public:
  differing_partitions(std::shared_ptr<const differing_manifests> of, std::optional<std::int32_t> from_schema,
                       std::optional<std::int32_t> to_schema)
      : cpu_(of->of.context()->runtime().cpu()),
        columns_(diff_total_columns()),
        totals_(of->of.context()->runtime().memory()),
        walk_(std::move(of)),
        from_schema_(from_schema),
        to_schema_(to_schema) {}

  task<std::optional<export_batch>> next() override {
    while (std::optional<changed_files> some = co_await walk_.next()) {
      auto count_them = [&] { count(*some); };
      co_await run_on(cpu_, count_them);
    }
    std::optional<export_batch> batch(columns_);
    for (; next_ < totals_.all().size() && !is_full(*batch); ++next_) add_row(*batch);
    if (batch->row_count() == 0) batch.reset();
    co_return batch;
  }

 private:
  void count(changed_files &some) {
    const data_files &files = some.files.columns();
    for (std::size_t i = 0; i < some.files.rows.size(); ++i) {
      const std::size_t row = some.files.rows[i];
      diff_totals &all = totals_.of(some.files, i);
      file_totals &added = files.contents[row] == file_content::data ? all.added_data : all.added_deletes;
      file_totals &removed = files.contents[row] == file_content::data ? all.removed_data : all.removed_deletes;
      file_totals &totals = some.is_added ? added : removed;
      ++totals.files;
      totals.records += std::max<std::int64_t>(files.record_counts[row], 0);
      totals.bytes += std::max<std::int64_t>(files.file_sizes[row], 0);
    }
  }

  void add_row(export_batch &to) const {
    const auto &[spec_id, json, path, totals] = totals_.all()[next_];
    std::size_t column = 0;
    to.append_int32(column++, spec_id);
    to.append_text(column++, json);
    to.append_text(column++, path);
    for (const file_totals *one :
         {&totals.added_data, &totals.added_deletes, &totals.removed_data, &totals.removed_deletes}) {
      to.append_int64(column++, one->files);
      to.append_int64(column++, one->records);
      to.append_int64(column++, one->bytes);
    }
    for (const std::optional<std::int32_t> &id : {from_schema_, to_schema_}) {
      if (id) {
        to.append_int32(column++, *id);
      } else {
        to.append_null(column++);
      }
    }
  }

  const executor cpu_;
  const std::vector<export_column> columns_;
  partition_totals<diff_totals> totals_;
  diff_walk walk_;
  const std::optional<std::int32_t> from_schema_, to_schema_;
  std::size_t next_ = 0;
};

}  // namespace

task<std::shared_ptr<const row_set>> diff_snapshots(table of, diff_request request) {
  std::shared_ptr<const snapshot> from;
  if (request.from) from = stored_snapshot(of, *request.from);
  const std::shared_ptr<const snapshot> to = stored_or_current(of, request.to);
  const std::shared_ptr<const manifest_files> before = co_await manifests_of(*of.context(), from);
  const std::shared_ptr<const manifest_files> after = co_await manifests_of(*of.context(), to);
  auto compare = [&] {
    return std::make_shared<const differing_manifests>(of, without_those_of(*before, *after),
                                                       without_those_of(*after, *before));
  };
  const std::shared_ptr<const differing_manifests> differing = co_await run_on(of.context()->runtime().cpu(), compare);
  row_set rows;
  rows.environment = of.context()->storage()->runtime();
  if (request.by_partition) {
    rows.columns = diff_total_columns();
    const auto schema_id = [](const snapshot *one) { return one == nullptr ? std::nullopt : one->schema_id; };
    rows.open = [differing, before_id = schema_id(from.get()), after_id = schema_id(to.get())] {
      return std::make_shared<differing_partitions>(differing, before_id, after_id);
    };
  } else {
    rows.columns = changed_file_columns(false);
    rows.open = [differing] { return std::make_shared<differing_files>(differing); };
  }
  co_return std::make_shared<const row_set>(std::move(rows));
}

}  // namespace evodb
