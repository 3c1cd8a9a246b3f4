#pragma once

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "io/open/open_storage.h"
#include "model/schema.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"
#include "table/commit/commit.h"
#include "table/files/described_files.h"
#include "table/open_table.h"
#include "table/open_tables.h"
#include "table/operations/append.h"
#include "table/operations/create_table.h"
#include "table/operations/evolve_schema.h"
#include "table/operations/roll_back.h"
#include "table/operations/set_properties.h"
#include "table/scan/plan.h"
#include "table/scan/scan_stream.h"
#include "table/table.h"

namespace evodb {

inline append_options checking_duplicates() {
  append_options options;
  options.check_duplicates = true;
  return options;
}
inline append_options with_summary(string_pairs summary) {
  append_options options;
  options.summary = std::move(summary);
  return options;
}

}  // namespace evodb

namespace evodb::table_tests {

/// A runtime with a storage, and one table in it: id long, region string (identity partition), amount double.
struct sample_table {
  explicit sample_table(const std::string &root = "memory://sample", int io_threads = 1) {
    thread_runtime_options options;
    options.io_threads = io_threads;
    options.cpu_threads = 2;
    environment = make_thread_runtime(options);
    tables = std::make_shared<open_tables>(open_storage(environment, root));
  }

  table create(const std::string &name = "t", int format_version = 2) const {
    const schema columns(0, keep_or_assign_ids({{0, "id", true, type_kind::int64, {}, {}, {}},
                                                {0, "region", false, type_kind::string, {}, {}, {}},
                                                {0, "amount", false, type_kind::float64, {}, {}, {}}}));
    return create_table(tables->find(name), columns, parse_partition_spec("region", columns), format_version, {});
  }

  static std::shared_ptr<const table_files> files(const table &of, const std::string &name,
                                                  const std::string &region = "eu", std::int64_t records = 10) {
    described_files described(of, false);
    data_file one;
    one.file_path = "data/" + name + ".parquet";
    one.record_count = records;
    one.file_size = 1000;
    described.add(std::move(one), "{\"region\":\"" + region + "\"}");
    return described.finish();
  }

  table commit(const table &value, const std::optional<idempotency_key> &key = std::nullopt) const {
    return run_to_end(environment, [value, key]() -> task<table> {
      std::optional<idempotency_key> own = key;
      co_return co_await evodb::commit(value, std::move(own));
    });
  }
  table refresh(const table &value) const {
    return run_to_end(environment, [value]() -> task<table> { co_return co_await evodb::refresh(value); });
  }
  table open(const std::string &name = "t") const {
    const auto context = tables->find(name);
    return run_to_end(environment, [context]() -> task<table> { co_return co_await open_table(context); });
  }

  /// Paths of a plan's files, sorted, without the table's location.
  std::vector<std::string> plan(const table &of, scan_request request = {}) const {
    auto walk = [of, request]() -> task<std::vector<std::string>> {
      const auto planned = co_await plan_scan(of, request);
      scan_stream over(planned, false);
      std::vector<std::string> paths;
      while (co_await over.advance()) {
        const planned_files batch = over.take_files();
        for (const std::uint32_t row : batch.rows) {
          const std::string path(batch.entries->files.path(row));
          paths.push_back(path.substr(path.rfind('/') + 1));
        }
      }
      std::sort(paths.begin(), paths.end());
      co_return paths;
    };
    return run_to_end(environment, walk);
  }

  std::shared_ptr<runtime> environment;
  std::shared_ptr<open_tables> tables;
};

using paths = std::vector<std::string>;

}  // namespace evodb::table_tests
