#include "capi/rows.h"

#include <memory>
#include <optional>

#include "arrow/blocking_rows.h"
#include "capi/arrow_stream.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/table.h"
#include "table/diff/changes.h"
#include "table/diff/diff.h"
#include "table/metadata_tables/metadata_table.h"

using namespace evodb;
using namespace evodb::capi;

namespace {

/// -1 means none.
std::optional<std::int64_t> snapshot_id_in(int64_t snapshot_id, const char *parameter) {
  if (snapshot_id < -1) fail(status::INVALID_ARGUMENT, fmt::format("{} is below -1", parameter));
  return snapshot_id == -1 ? std::nullopt : std::optional<std::int64_t>(snapshot_id);
}

class rows_stream final : public stream_content {
 public:
  explicit rows_stream(std::shared_ptr<const row_set> over) : rows_(std::move(over)) {}

  const std::vector<export_column> &columns() const override { return rows_.over().columns; }

  void next(ArrowArray &out) override {
    check_process(*rows_.over().environment);
    std::optional<export_batch> batch = rows_.next();
    if (batch) {
      std::move(*batch).finish(out);
    } else {
      out = ArrowArray{};  // the end of the stream, by the interface
    }
  }

  void cancel() override { rows_.cancel(); }

 private:
  blocking_rows rows_;
};

}  // namespace

evodb_future *evodb_table_diff(const evodb_table *table, int64_t from_snapshot_id, int64_t to_snapshot_id,
                               const evodb_options *options) {
  return start(runtime_of(table), [&] {
    require(table, "table");
    diff_request request;
    request.from = snapshot_id_in(from_snapshot_id, "from_snapshot_id");
    request.to = snapshot_id_in(to_snapshot_id, "to_snapshot_id");
    option_reader reader(options);
    request.by_partition = reader.boolean("diff.by-partition").value_or(false);
    reader.finish();
    return [value = table->value, request] { return diff_snapshots(value, request); };
  });
}

evodb_future *evodb_table_changes(const evodb_table *table, int64_t from_snapshot_id, int64_t to_snapshot_id,
                                  const evodb_options *options) {
  return start(runtime_of(table), [&] {
    require(table, "table");
    changes_request request;
    request.from = snapshot_id_in(from_snapshot_id, "from_snapshot_id");
    request.to = snapshot_id_in(to_snapshot_id, "to_snapshot_id");
    option_reader reader(options);
    request.appends_only = reader.boolean("changes.appends-only").value_or(false);
    request.with_replace = reader.boolean("changes.with-replace").value_or(false);
    reader.finish();
    return [value = table->value, request] { return changes_between(value, request); };
  });
}

evodb_future *evodb_table_metadata(const evodb_table *table, const char *name, int64_t name_length,
                                   const evodb_options *options) {
  return start(runtime_of(table), [&] {
    require(table, "table");
    const metadata_table which = metadata_table_from(text_in(name, name_length, "name"));
    scan_request at;
    option_reader reader(options);
    if (is_of_snapshot(which)) {
      at.snapshot_id = reader.integer("snapshot-id", INT64_MIN, INT64_MAX);
      at.as_of_ms = reader.integer("as-of-ms", INT64_MIN, INT64_MAX);
      at.ref = reader.text("ref");
    }
    reader.finish();
    return [value = table->value, which, at] { return read_metadata_table(value, which, at); };
  });
}

evodb_status evodb_future_take_rows(evodb_future *future, int64_t timeout_ms, evodb_rows **out_rows,
                                    evodb_error **error) {
  return guarded(error, [&] {
    require(out_rows, "out_rows");
    *out_rows = new evodb_rows{*take<std::shared_ptr<const row_set>>(future, timeout_ms)};
  });
}

void evodb_rows_free(evodb_rows *rows) {
  delete rows;
}

evodb_status evodb_rows_stream(const evodb_rows *rows, struct ArrowArrayStream *out_stream, evodb_error **error) {
  return guarded(error, [&] {
    require(rows, "rows");
    require(out_stream, "out_stream");
    check_process(*rows->value->environment);
    *out_stream = make_stream(std::make_shared<rows_stream>(rows->value));
  });
}
