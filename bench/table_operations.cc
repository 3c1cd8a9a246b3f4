// Appending, loading and planning as JSON lines, one for each measurement. Everything is in memory, so what is measured
// is our own work; or in a folder, for others to plan the same tables (bench/plans).
//   bench_table_operations [MILLIONTHS [LOCATION]]     a smaller share of the full sizes: 1000000 is all (the default)
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <numeric>

#include "base/time.h"
#include "codec/manifest_list.h"
#include "codec/manifest_writer.h"
#include "codec/table_metadata_json.h"
#include "expression/parse.h"
#include "io/open/open_storage.h"
#include "runtime/operation.h"
#include "runtime/thread_runtime.h"
#include "table/commit/commit.h"
#include "table/files/described_files.h"
#include "table/many_snapshots.h"
#include "table/open_tables.h"
#include "table/operations/append.h"
#include "table/operations/create_table.h"
#include "table/scan/scan_stream.h"

namespace {

using namespace evodb;

constexpr int columns = 12;
constexpr std::int64_t days = 365;
constexpr std::int64_t first_day = 15706;  // 2013-01-01

struct usage {
  std::chrono::steady_clock::time_point wall = std::chrono::steady_clock::now();
  double cpu = cpu_ms();
  static double cpu_ms() {
    rusage now{};
    getrusage(RUSAGE_SELF, &now);
    auto ms = [](const timeval &t) {
      return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
    };
    return ms(now.ru_utime) + ms(now.ru_stime);
  }
};

void report(const char *name, std::int64_t size, const usage &begun) {
  rusage peak{};
  getrusage(RUSAGE_SELF, &peak);
  const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begun.wall;
  fmt::print("{{\"name\":\"{}\",\"size\":{},\"wall_ms\":{:.1f},\"cpu_ms\":{:.1f},\"peak_rss_mib\":{}}}\n", name, size,
             wall.count(), usage::cpu_ms() - begun.cpu, peak.ru_maxrss / 1024);
  std::fflush(stdout);
}

table create(const std::shared_ptr<open_tables> &tables, const char *name) {
  std::vector<field> fields(columns);
  for (int i = 0; i < columns; ++i) {
    fields[static_cast<std::size_t>(i)].name = fmt::format("c{}", i);
    fields[static_cast<std::size_t>(i)].type = i == 0       ? type_kind::date
                                               : i % 2 == 0 ? type_kind::int64
                                                            : type_kind::string;
  }
  const schema schema_of(0, keep_or_assign_ids(std::move(fields)));
  return create_table(tables->find(name), schema_of, parse_partition_spec("c0", schema_of), 2, {});
}

/// Files [first, last), spread over the days of a year in order, with all statistics of all columns.
std::shared_ptr<const table_files> describe(const table &of, std::int64_t first, std::int64_t last,
                                            std::int64_t total) {
  described_files described(of, false);
  data_file one;
  for (std::int64_t i = first; i < last; ++i) {
    const std::int64_t day = first_day + i * days / total;
    one.file_path = fmt::format("data/c0={}/part-{:08}-7c1f0a52-9d8c-4a51-b0fc-1d2f3e4a5b6c.parquet", day, i);
    one.record_count = 10000 + i % 997;
    one.file_size = 4000000 + i % 100003;
    one.split_offsets = {4};
    one.metrics.resize(columns);
    for (int c = 0; c < columns; ++c) {
      column_metrics &metrics = one.metrics[static_cast<std::size_t>(c)];
      metrics.field_id = c + 1;
      metrics.column_size = 30000 + (i * 31 + c) % 5000;
      metrics.value_count = one.record_count;
      metrics.null_value_count = c == 0 ? 0 : (i + c) % 10;  // no nulls in a partition of days
      if (c == 0) {
        metrics.lower_bound = to_single_value(type_kind::date, static_cast<std::int32_t>(day));
        metrics.upper_bound = metrics.lower_bound;
      } else if (c % 2 == 0) {
        metrics.lower_bound = to_single_value(type_kind::int64, i * 1000 + c);
        metrics.upper_bound = to_single_value(type_kind::int64, i * 1000 + 999);
      } else {
        metrics.lower_bound = fmt::format("k{:07}", i % 1000003);
        metrics.upper_bound = fmt::format("q{:07}", i % 1000003);
      }
    }
    described.add(one, fmt::format("{{\"c0\":\"{}\"}}", date_to_text(static_cast<std::int32_t>(day))));
  }
  return described.finish();
}

/// The table, which has one snapshot, with a manifest for each of so many files in the place of its own.
table with_small_manifests(const std::shared_ptr<runtime> &environment, const table &one, const char *name,
                           std::int64_t count) {
  const auto described = describe(one, 0, count, count);
  const auto where = one.context()->storage();
  const snapshot &last = *one.metadata()->snapshots.back();
  manifest_target target;
  target.table_schema = one.metadata()->current_schema().get();
  target.spec = one.metadata()->find_spec(one.metadata()->default_spec_id);
  target.snapshot_id = last.snapshot_id;
  manifest_files listed;
  std::map<std::string, std::shared_ptr<const bytes>> written;
  for (const auto &batch : described->batches) {
    for (std::size_t i = 0; i < batch->size(); ++i) {
      written_manifest manifest = write_added_manifest(*batch, i, i + 1, target);
      manifest.row.manifest_path = one.context()->metadata_file(fmt::format("{}-m0.avro", listed.size()));
      written[where->key_of(manifest.row.manifest_path)] = manifest.file;
      listed.push_back(std::move(manifest.row));
    }
  }
  manifest_list_target list;
  list.snapshot_id = last.snapshot_id;
  list.sequence_number = last.sequence_number;
  written[where->key_of(last.manifest_list)] = std::make_shared<const bytes>(write_manifest_list(listed, list));
  run_to_end(environment, [where, written]() -> task<> {
    for (const auto &[key, body] : written) {
      put_options options;
      std::string to = key;
      co_await where->store().put(std::move(to), body, std::move(options));
    }
  });
  const auto context = std::make_shared<open_tables>(where)->find(name);
  return run_to_end(environment, [context]() -> task<table> { co_return co_await open_table(context); });
}

std::int64_t count_planned(const std::shared_ptr<runtime> &environment, const table &of, const char *filter) {
  auto walk = [of, filter]() -> task<std::int64_t> {
    scan_request request;
    request.filter = parse_filter(filter);
    const auto planned = co_await plan_scan(of, request);
    scan_stream over(planned, false);
    std::int64_t files = 0;
    while (co_await over.advance()) files += static_cast<std::int64_t>(over.take_files().rows.size());
    co_return files;
  };
  return run_to_end(environment, walk);
}

table commit_now(const std::shared_ptr<runtime> &environment, const table &value) {
  return run_to_end(environment, [value]() -> task<table> { co_return co_await commit(value); });
}

}  // namespace

int main(int argc, char **argv) {
  const std::int64_t share = argc > 1 ? std::atoll(argv[1]) : 1000000;
  const char *location = argc > 2 ? argv[2] : "memory://bench";
  auto scaled = [share](std::int64_t full) { return std::max<std::int64_t>(1, full * share / 1000000); };
  thread_runtime_options options;
  options.memory_limit_bytes = std::int64_t{8} << 30;
  const auto environment = make_thread_runtime(options);
  const auto tables = std::make_shared<open_tables>(open_storage(environment, location));

  {
    const std::int64_t files = scaled(100000);
    const table empty = commit_now(environment, create(tables, "append"));
    usage begun;
    const auto described = describe(empty, 0, files, files);
    report("describe 100,000 files", files, begun);
    begun = usage();
    commit_now(environment, append(empty, described, {}));
    report("append and commit 100,000 files", files, begun);
  }
  {
    const std::int64_t snapshots = scaled(10000);
    table one = commit_now(environment, create(tables, "snapshots"));
    one = commit_now(environment, append(one, describe(one, 0, 1, snapshots), {}));
    const table committed = with_many_snapshots(environment, one, "snapshots", snapshots);
    const bytes text = write_table_metadata(*committed.metadata());
    usage begun;
    read_table_metadata(text, "bench");
    report("load metadata of 10,000 snapshots", static_cast<std::int64_t>(text.size()), begun);
    const table more = append(committed, describe(committed, snapshots, snapshots + 1, snapshots + 1), {});
    begun = usage();
    commit_now(environment, more);
    report("append one file to 10,000 snapshots", snapshots, begun);
  }
  {
    const std::int64_t files = scaled(1000000), batch = std::max<std::int64_t>(1, files / 10);
    table value = commit_now(environment, create(tables, "plan"));
    for (std::int64_t first = 0; first < files; first += batch) {
      value = commit_now(environment, append(value, describe(value, first, std::min(files, first + batch), files), {}));
    }
    const struct {
      const char *what;
      std::string filter;
    } plans[] = {{"a month by partition", "c0 >= '2013-07-01' AND c0 < '2013-08-01'"},
                 {"one value by bounds", fmt::format("c2 = {}", files / 2 * 1000 + 500)}};
    for (const auto &[what, filter] : plans) {
      for (const char *how : {"cold", "warm", "warm again"}) {
        const usage begun;
        const std::int64_t planned = count_planned(environment, value, filter.c_str());
        report(fmt::format("plan {} of 1,000,000 files, {}", what, how).c_str(), planned, begun);
      }
    }
  }
  {
    const std::int64_t manifests = scaled(10000);
    table value = commit_now(environment, create(tables, "manifests"));
    value = commit_now(environment, append(value, describe(value, 0, 1, 1), {}));
    value = with_small_manifests(environment, value, "manifests", manifests);
    for (const char *how : {"cold", "warm"}) {
      const usage begun;
      const std::int64_t planned = count_planned(environment, value, "true");
      report(fmt::format("plan all of 10,000 manifests of a file each, {}", how).c_str(), planned, begun);
    }
  }
  return 0;
}
