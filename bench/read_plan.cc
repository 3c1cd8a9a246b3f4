// Reading all files of a plan through the public header, as JSON: by the cursor and by the Arrow stream, the same columns.
// Every manifest is in the cache. The best of five.
//   bench_read_plan STORAGE TABLE          of bench_table_operations: "plan"
#include <evodb_lakehouse.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>

#include "require_ok.h"

namespace {

/// What was read, so that no read can be left out.
struct seen {
  std::int64_t files = 0, octets = 0, numbers = 0;
};

void add(seen &to, const char *(*text)(const evodb_file_cursor *, std::int64_t *), const evodb_file_cursor *of) {
  std::int64_t length = 0;
  to.octets += text(of, &length)[0];
  to.octets += length;
}

seen by_cursor(const evodb_plan *plan, bool all) {
  evodb_error *failure = nullptr;
  evodb_file_cursor *files = nullptr;
  require_ok(evodb_plan_files(plan, &files, &failure), failure);
  seen read;
  for (evodb_bool has_file = 0;; ++read.files) {
    require_ok(evodb_file_cursor_next(files, &has_file, &failure), failure);
    if (!has_file) break;
    add(read, evodb_file_cursor_path, files);
    read.numbers += evodb_file_cursor_record_count(files) + evodb_file_cursor_size_in_bytes(files);
    if (!all) continue;
    add(read, evodb_file_cursor_format, files);
    add(read, evodb_file_cursor_partition, files);
    add(read, evodb_file_cursor_partition_path, files);
    add(read, evodb_file_cursor_residual, files);
    read.numbers += evodb_file_cursor_spec_id(files) + evodb_file_cursor_data_sequence_number(files);
    const std::int64_t *splits = nullptr;
    std::int64_t count = 0;
    evodb_file_cursor_split_offsets(files, &splits, &count);
    for (std::int64_t i = 0; i < count; ++i) read.numbers += splits[i];
  }
  evodb_file_cursor_free(files);
  return read;
}

void add(seen &to, const ArrowArray &column, std::string_view format) {
  if (format == "u") {
    const auto *ends = static_cast<const std::int32_t *>(column.buffers[1]);
    const auto *octets = static_cast<const char *>(column.buffers[2]);
    for (std::int64_t i = 0; i < column.length; ++i) to.octets += octets[ends[i]] + ends[i + 1] - ends[i];
  } else if (format == "l") {
    const auto *numbers = static_cast<const std::int64_t *>(column.buffers[1]);
    for (std::int64_t i = 0; i < column.length; ++i) to.numbers += numbers[i];
  } else if (format == "i") {
    const auto *numbers = static_cast<const std::int32_t *>(column.buffers[1]);
    for (std::int64_t i = 0; i < column.length; ++i) to.numbers += numbers[i];
  } else {
    add(to, *column.children[0], "l");
  }
}

seen by_stream(const evodb_plan *plan, bool all) {
  evodb_error *failure = nullptr;
  ArrowArrayStream stream;
  require_ok(evodb_plan_stream(plan, &stream, &failure), failure);
  ArrowSchema schema;
  if (stream.get_schema(&stream, &schema) != 0) std::exit(1);
  seen read;
  for (;;) {
    ArrowArray batch;
    if (stream.get_next(&stream, &batch) != 0) std::exit(1);
    if (batch.release == nullptr) break;
    read.files += batch.length;
    for (std::int64_t i = 0; i < batch.n_children; ++i) {
      const std::string_view name = schema.children[i]->name;
      const bool is_wanted = name == "file_path" || name == "record_count" || name == "file_size_in_bytes";
      if (all || is_wanted) add(read, *batch.children[i], schema.children[i]->format);
    }
    batch.release(&batch);
  }
  schema.release(&schema);
  stream.release(&stream);
  return read;
}

void measure(const char *name, const std::function<seen()> &work) {
  double best = 1e9;
  seen read;
  for (int round = 0; round < 5; ++round) {
    const auto begun = std::chrono::steady_clock::now();
    read = work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
    best = std::min(best, took.count());
  }
  fmt::print("{{\"name\":\"{}\",\"files\":{},\"read\":{},\"ms\":{:.1f}}}\n", name, read.files,
             read.octets + read.numbers, best);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  evodb_error *failure = nullptr;
  evodb_options *options = nullptr;
  evodb_runtime *runtime = nullptr;
  evodb_storage *storage = nullptr;
  evodb_table *table = nullptr;
  evodb_plan *plan = nullptr;
  require_ok(evodb_options_new(&options, &failure), failure);
  require_ok(evodb_options_set_int64(options, "runtime.memory-limit-bytes", -1, std::int64_t{8} << 30, &failure),
             failure);
  require_ok(evodb_runtime_open(options, &runtime, &failure), failure);
  require_ok(evodb_storage_open(runtime, argv[1], -1, nullptr, &storage, &failure), failure);
  evodb_future *opened = evodb_table_open(storage, argv[2], -1, nullptr);
  require_ok(evodb_future_take_table(opened, -1, &table, &failure), failure);
  evodb_future *planned = evodb_table_plan(table, nullptr, nullptr);
  require_ok(evodb_future_take_plan(planned, -1, &plan, &failure), failure);
  measure("path and counts, cursor", [&] { return by_cursor(plan, false); });
  measure("path and counts, stream", [&] { return by_stream(plan, false); });
  measure("all, cursor", [&] { return by_cursor(plan, true); });
  measure("all, stream", [&] { return by_stream(plan, true); });
  evodb_plan_free(plan);
  evodb_table_free(table);
  evodb_future_free(planned);
  evodb_future_free(opened);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  evodb_options_free(options);
  return 0;
}
