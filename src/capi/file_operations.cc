#include <fmt/format.h>

#include <limits>

#include "capi/boundary.h"
#include "capi/data_files.h"
#include "capi/future.h"
#include "capi/option_reader.h"
#include "capi/predicate.h"
#include "capi/table.h"
#include "expression/parse.h"
#include "table/operations/delete_plan.h"
#include "table/operations/delete_rows.h"
#include "table/operations/overwrite.h"
#include "table/operations/replace_partitions.h"
#include "table/operations/rewrite_files.h"
#include "table/operations/rewrite_manifests.h"
#include "table/operations/row_delta.h"

using namespace evodb;
using namespace evodb::capi;

namespace {

isolation isolation_from(const std::string &text) {
  if (text == "serializable") return isolation::serializable;
  if (text == "snapshot") return isolation::snapshot;
  fail(status::INVALID_ARGUMENT, fmt::format("snapshot.isolation is serializable or snapshot, not '{}'", text),
       "snapshot.isolation");
}

file_operation_options read_options(option_reader &reader) {
  file_operation_options options;
  options.summary = reader.texts_below("summary.");
  options.branch = reader.text("snapshot.branch").value_or(options.branch);
  options.is_staged = reader.boolean("snapshot.staged").value_or(false);
  if (const auto level = reader.text("snapshot.isolation")) options.level = isolation_from(*level);
  if (const auto filter = reader.text("snapshot.conflict-filter")) options.conflict_filter = parse_filter(*filter);
  return options;
}

file_operation_options options_in(const evodb_options *options) {
  option_reader reader(options);
  file_operation_options read = read_options(reader);
  reader.finish();
  return read;
}

std::shared_ptr<const table_files> files_of(const evodb_data_files *files) {
  return files == nullptr ? nullptr : files->files;
}

}  // namespace

evodb_status evodb_table_overwrite(const evodb_table *table, const evodb_predicate *predicate,
                                   const evodb_data_files *data_files, const evodb_options *options,
                                   evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    const predicate_ptr filter = predicate == nullptr ? nullptr : predicate->value;
    return overwrite(of, filter, files_of(data_files), options_in(options));
  });
}

evodb_status evodb_table_overwrite_files(const evodb_table *table, const char *const *paths,
                                         const int64_t *path_lengths, int64_t path_count,
                                         const evodb_data_files *data_files, const evodb_options *options,
                                         evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    return overwrite_files(of, texts_in(paths, path_lengths, path_count, "paths"), files_of(data_files),
                           options_in(options));
  });
}

evodb_status evodb_table_delete(const evodb_table *table, const evodb_predicate *predicate,
                                const evodb_options *options, evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    require(predicate, "predicate");
    return delete_where(of, predicate->value, options_in(options));
  });
}

struct evodb_delete_plan {
  std::shared_ptr<const std::vector<affected_file>> files;
};

evodb_future *evodb_table_plan_delete(const evodb_table *table, const evodb_predicate *predicate,
                                      const evodb_options *options) {
  return start(runtime_of(table), [&] {
    require(table, "table");
    require(predicate, "predicate");
    option_reader reader(options);
    const std::string branch = reader.text("snapshot.branch").value_or(table_metadata::main_branch);
    reader.finish();
    return [of = table->value, filter = predicate->value, branch] { return plan_delete(of, filter, branch); };
  });
}

evodb_status evodb_future_take_delete_plan(evodb_future *future, int64_t timeout_ms, evodb_delete_plan **out_plan,
                                           evodb_error **error) {
  return guarded(error, [&] {
    require(out_plan, "out_plan");
    *out_plan = new evodb_delete_plan{take<std::vector<affected_file>>(future, timeout_ms)};
  });
}

void evodb_delete_plan_free(evodb_delete_plan *plan) {
  delete plan;
}

int64_t evodb_delete_plan_count(const evodb_delete_plan *plan) {
  return plan == nullptr ? 0 : static_cast<int64_t>(plan->files->size());
}

evodb_status evodb_delete_plan_get(const evodb_delete_plan *plan, int64_t index, const char **out_path,
                                   int64_t *out_path_length, evodb_bool *out_is_whole, int64_t *out_record_count,
                                   evodb_error **error) {
  return guarded(error, [&] {
    require(plan, "plan");
    const affected_file &one = checked_at(*plan->files, index);
    text_out(one.path, out_path, out_path_length);
    if (out_is_whole != nullptr) *out_is_whole = one.is_whole ? 1 : 0;
    if (out_record_count != nullptr) *out_record_count = one.record_count;
  });
}

evodb_status evodb_table_delete_files(const evodb_table *table, const char *const *paths, const int64_t *path_lengths,
                                      int64_t path_count, const evodb_options *options, evodb_table **out_table,
                                      evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    return delete_files(of, texts_in(paths, path_lengths, path_count, "paths"), options_in(options));
  });
}

evodb_status evodb_table_replace_partitions(const evodb_table *table, const evodb_data_files *data_files,
                                            const evodb_options *options, evodb_table **out_table,
                                            evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    require(data_files, "data_files");
    return replace_partitions(of, data_files->files, options_in(options));
  });
}

evodb_status evodb_table_row_delta(const evodb_table *table, const evodb_data_files *data_files,
                                   const evodb_data_files *delete_files, const evodb_options *options,
                                   evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    require(delete_files, "delete_files");
    option_reader reader(options);
    const file_operation_options read = read_options(reader);
    const bool includes = reader.boolean("rows.include-position-deletes").value_or(false);
    reader.finish();
    return row_delta(of, files_of(data_files), delete_files->files, read, includes);
  });
}

evodb_status evodb_table_delete_rows(const evodb_table *table, const char *path, int64_t path_length,
                                     const int64_t *positions, int64_t position_count, const evodb_options *options,
                                     evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    option_reader reader(options);
    const file_operation_options read = read_options(reader);
    deleted_rows rows;
    const bool includes = reader.boolean("rows.include-position-deletes").value_or(false);
    reader.finish();
    rows.path = text_in(path, path_length, "path");
    if (position_count < 0) fail(status::INVALID_ARGUMENT, "the count of positions is negative", "position_count");
    if (position_count > 0) require(positions, "positions");
    rows.positions.assign(positions, positions + position_count);
    return delete_rows(of, std::move(rows), read, includes);
  });
}

evodb_status evodb_table_rewrite_files(const evodb_table *table, const char *const *paths, const int64_t *path_lengths,
                                       int64_t path_count, const evodb_data_files *data_files,
                                       const evodb_options *options, evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error, [&](const evodb::table &of) {
    option_reader reader(options);
    const file_operation_options read = read_options(reader);
    const auto sequence_number =
        reader.integer("rewrite.data-sequence-number", 0, std::numeric_limits<std::int64_t>::max());
    reader.finish();
    return rewrite_files(of, texts_in(paths, path_lengths, path_count, "paths"), files_of(data_files), sequence_number,
                         read);
  });
}

evodb_status evodb_table_rewrite_manifests(const evodb_table *table, const evodb_options *options,
                                           evodb_table **out_table, evodb_error **error) {
  return derive(table, out_table, error,
                [&](const evodb::table &of) { return rewrite_manifests(of, options_in(options)); });
}
