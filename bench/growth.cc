// How the time of what a user calls grows with a table's snapshots, as JSON lines: history and show by the tool, an append
// and verify by the library, each on tables of 1,000 and 10,000 snapshots, and what the second takes of the first.
//   bench_growth TOOL FOLDER     FOLDER is made and is to be removed afterwards
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <string>

#include "codec/manifest_list.h"
#include "codec/manifest_writer.h"
#include "codec/table_metadata_json.h"
#include "diagnosis/verify.h"
#include "io/open/open_storage.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"
#include "table/commit/commit.h"
#include "table/files/described_files.h"
#include "table/open_table.h"
#include "table/open_tables.h"
#include "table/operations/append.h"
#include "table/operations/create_table.h"

namespace {

using namespace evodb;

constexpr int rounds = 3;
constexpr std::int64_t few = 1'000, many = 10'000;
/// As in a table whose older files have been dropped: what one snapshot lists does not grow with the history.
constexpr std::int64_t manifests_a_list = 100;
constexpr std::int64_t files_a_manifest = 4;

struct bench {
  std::shared_ptr<runtime> environment;
  std::shared_ptr<const storage> where;

  /// Without the storage, which would sync tens of thousands of files.
  static void write(const std::string &location, const bytes &body) {
    std::ofstream file(location::parse(location).key.insert(0, "/"), std::ios::binary | std::ios::trunc);
    if (!file.write(body.data(), static_cast<std::streamsize>(body.size()))) std::abort();
  }

  table open(const std::string &name) const {
    const auto context = std::make_shared<open_tables>(where)->find(name);
    return run_to_end(environment, [context]() -> task<table> { co_return co_await open_table(context); });
  }

  table commit_now(const table &value) const {
    return run_to_end(environment, [value]() -> task<table> { co_return co_await commit(value); });
  }

  static std::shared_ptr<const table_files> describe(const table &of, const std::string &name, std::int64_t count) {
    described_files described(of, false);
    for (std::int64_t i = 0; i < count; ++i) {
      data_file one;
      one.file_path = fmt::format("data/{}-{}.parquet", name, i);
      one.record_count = 10;
      one.file_size = 1000;
      described.add(std::move(one), "{}");
    }
    return described.finish();
  }

  /// A table with so many snapshots, each of which adds a manifest and drops the oldest one beyond what a list holds.
  void make(const std::string &name, std::int64_t count) const {
    std::vector<field> fields(1);
    fields[0].name = "id";
    fields[0].type = type_kind::int64;
    const schema columns(0, keep_or_assign_ids(std::move(fields)));
    const table empty =
        commit_now(create_table(std::make_shared<open_tables>(where)->find(name), columns, partition_spec(), 2, {}));
    const auto files = describe(empty, "part", count * files_a_manifest);
    table_metadata metadata = *empty.metadata();
    std::vector<manifest_file> listed;
    const std::string folder = metadata.location + "/metadata/";
    for (std::int64_t i = 0; i < count; ++i) {
      snapshot made;
      made.snapshot_id = 1'000'000 + i;
      if (i > 0) made.parent_snapshot_id = made.snapshot_id - 1;
      made.sequence_number = i + 1;
      made.timestamp_ms = metadata.last_updated_ms + 1;
      made.manifest_list = fmt::format("{}snap-{}.avro", folder, made.snapshot_id);
      made.schema_id = 0;
      manifest_target target;
      target.table_schema = &columns;
      target.spec = &metadata.default_spec();
      target.snapshot_id = made.snapshot_id;
      const auto first = static_cast<std::size_t>(i * files_a_manifest);
      written_manifest manifest =
          write_added_manifest(*files->batches.front(), first, first + files_a_manifest, target);
      manifest.row.manifest_path = fmt::format("{}{}-m0.avro", folder, made.snapshot_id);
      write(manifest.row.manifest_path, *manifest.file);
      if (std::ssize(listed) == manifests_a_list) listed.erase(listed.begin());
      listed.push_back(std::move(manifest.row));
      manifest_list_target list;
      list.snapshot_id = made.snapshot_id;
      list.parent_snapshot_id = made.parent_snapshot_id;
      list.sequence_number = made.sequence_number;
      listed.back().sequence_number = listed.back().min_sequence_number = made.sequence_number;
      write(made.manifest_list, write_manifest_list(listed, list));
      const std::int64_t live = std::ssize(listed) * files_a_manifest;
      made.summary = {{"operation", "overwrite"},
                      {"added-data-files", std::to_string(files_a_manifest)},
                      {"added-records", std::to_string(10 * files_a_manifest)},
                      {"total-data-files", std::to_string(live)},
                      {"total-records", std::to_string(10 * live)}};
      metadata.last_updated_ms = made.timestamp_ms;
      metadata.last_sequence_number = made.sequence_number;
      metadata.current_snapshot_id = made.snapshot_id;
      metadata.snapshot_log.push_back({made.timestamp_ms, made.snapshot_id});
      metadata.snapshots.push_back(std::make_shared<const snapshot>(std::move(made)));
    }
    metadata.refs["main"].snapshot_id = *metadata.current_snapshot_id;
    metadata.properties["evodb.commit.max-snapshots"] = "0";
    write(empty.base().metadata_location, write_table_metadata(metadata));
  }

  std::size_t verified(const std::string &name) const {
    const table of = open(name);
    return run_to_end(environment, [of]() -> task<std::size_t> {
      const std::vector<finding> found = co_await verify(of, false);
      co_return found.size();
    });
  }
};

double best_ms(const std::function<void()> &work) {
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
    best = round == 0 ? took.count() : std::min(best, took.count());
  }
  return best;
}

void run_tool(const std::string &command) {
  if (std::system((command + " > /dev/null").c_str()) == 0) return;
  fmt::print(stderr, "failed: {}\n", command);
  std::exit(1);
}

void report(const char *what, std::int64_t snapshots, const char *unit, double took) {
  fmt::print("{{\"what\":\"{}\",\"snapshots\":{},\"{}\":{:.2f}}}\n", what, snapshots, unit, took);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: bench_growth TOOL FOLDER\n");
    return 2;
  }
  const std::string tool = argv[1], folder = argv[2];
  bench in;
  in.environment = make_thread_runtime({});
  in.where = open_storage(in.environment, "file://" + folder);
  std::map<std::string, std::map<std::int64_t, double>> took;
  for (const std::int64_t snapshots : {few, many}) {
    const std::string name = fmt::format("t{}", snapshots);
    in.make(name, snapshots);
    for (const char *command : {"history", "show"}) {
      took[command][snapshots] =
          best_ms([&] { run_tool(fmt::format("{} {} {}/{} --json", tool, command, folder, name)); });
      report(command, snapshots, "ms", took[command][snapshots]);
    }
    double append_ms = 0;
    for (int round = 0; round < rounds; ++round) {  // each on another version
      const table base = in.open(name);
      const auto files = bench::describe(base, fmt::format("more{}", round), 1);
      const auto begun = std::chrono::steady_clock::now();
      in.commit_now(append(base, files, {}));
      const std::chrono::duration<double, std::milli> this_one = std::chrono::steady_clock::now() - begun;
      append_ms = round == 0 ? this_one.count() : std::min(append_ms, this_one.count());
    }
    report("append", snapshots, "ms", took["append"][snapshots] = append_ms);
    const double verify_ms = best_ms([&] {
      if (in.verified(name) != 0) std::abort();
    });
    const double rows =
        static_cast<double>(snapshots * manifests_a_list - manifests_a_list * (manifests_a_list - 1) / 2);
    report("verify, a row of all manifest lists", snapshots, "us",
           took["verify, a row"][snapshots] = verify_ms * 1e3 / rows);
  }
  for (const auto &[what, by_size] : took)
    fmt::print("{{\"what\":\"{}\",\"ratio\":{:.2f}}}\n", what, by_size.at(many) / by_size.at(few));
  return 0;
}
