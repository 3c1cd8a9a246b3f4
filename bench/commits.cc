// Commits of one appended file each, as JSON lines.
//   bench_commits make URI TABLE SNAPSHOTS           makes a table that has so many snapshots, and prints nothing
//   bench_commits append URI TABLE WRITERS COMMITS   so many threads commit so many appends together; opens the table or makes it.
//                                                    A commit that fails is counted, and its file is not appended again.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <string_view>
#include <thread>

#include "io/open/open_storage.h"
#include "runtime/thread_runtime.h"
#include "table/commit/commit.h"
#include "table/files/described_files.h"
#include "table/many_snapshots.h"
#include "table/open_table.h"
#include "table/open_tables.h"
#include "table/operations/append.h"
#include "table/operations/create_table.h"

namespace {

using namespace evodb;
using clock_type = std::chrono::steady_clock;

double cpu_ms() {
  rusage now{};
  getrusage(RUSAGE_SELF, &now);
  auto ms = [](const timeval &t) { return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3; };
  return ms(now.ru_utime) + ms(now.ru_stime);
}

struct place {
  std::shared_ptr<runtime> environment;
  std::shared_ptr<open_tables> tables;
  std::string name;

  table commit(const table &value) const {
    return run_to_end(environment, [value]() -> task<table> { co_return co_await evodb::commit(value); });
  }
  table open() const {
    const auto context = tables->find(name);
    return run_to_end(environment, [context]() -> task<table> { co_return co_await open_table(context); });
  }
  table make() const {
    field column;
    column.id = 1;
    column.name = "id";
    column.type = type_kind::int64;
    return commit(create_table(tables->find(name), schema(0, {column}), partition_spec(), 2, {}));
  }
};

table with_file(const table &of, const std::string &name) {
  described_files described(of, false);
  data_file one;
  one.file_path = fmt::format("data/{}.parquet", name);
  one.record_count = 1000;
  one.file_size = 100'000;
  described.add(std::move(one), "");
  return append(of, described.finish(), {});
}

void make_with_snapshots(const place &at, std::int64_t count) {
  with_many_snapshots(at.environment, at.commit(with_file(at.make(), "first")), at.name.c_str(), count);
  // Others find the newest version by the hint, which may be on its way still.
  run_to_end(at.environment, [where = at.tables->storage()]() -> task<> { co_await where->background().finish(); });
}

void append(const place &at, int writers, std::int64_t commits) {
  std::optional<table> opened;
  try {
    opened = at.open();
  } catch (const error &) {
    opened = at.make();
  }
  std::atomic<std::int64_t> next = 0, failed = 0;
  std::vector<std::vector<double>> waited(static_cast<std::size_t>(writers));
  std::vector<std::string> failures(static_cast<std::size_t>(writers));
  const double cpu_before = cpu_ms();
  const auto begun = clock_type::now();
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      table known = *opened;
      for (std::int64_t i; (i = next++) < commits;) {
        const auto sent = clock_type::now();
        try {
          known = at.commit(with_file(known, fmt::format("{}-{}-{}", begun.time_since_epoch().count(), writer, i)));
        } catch (const error &problem) {
          ++failed;
          failures[static_cast<std::size_t>(writer)] = fmt::format("{}: {}", problem.message(), problem.subject());
          continue;
        }
        const std::chrono::duration<double, std::milli> took = clock_type::now() - sent;
        waited[static_cast<std::size_t>(writer)].push_back(took.count());
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(clock_type::now() - begun).count();
  std::vector<double> all;
  for (const auto &one : waited) all.insert(all.end(), one.begin(), one.end());
  std::sort(all.begin(), all.end());
  const auto percentile = [&](std::size_t share) { return all.empty() ? 0 : all[all.size() * share / 100]; };
  const std::string failure = *std::max_element(failures.begin(), failures.end());
  const double cpu = (cpu_ms() - cpu_before) / static_cast<double>(commits);
  fmt::print(R"({{"commits":{},"failed":{},"seconds":{:.3f},"p50_ms":{:.2f},"p99_ms":{:.2f},"cpu_ms":{:.2f})",
             all.size(), failed.load(), seconds, percentile(50), percentile(99), cpu);
  fmt::print(R"(,"failure":{},"waited_ms":[{:.2f}]}})", boost::json::serialize(boost::json::string(failure)),
             fmt::join(all, ","));
  fmt::print("\n");
}

}  // namespace

int main(int count, char **words) {
  const std::string_view what = count > 1 ? words[1] : "";
  if (!(what == "make" && count == 5) && !(what == "append" && count == 6)) {
    fmt::print(stderr, "usage: bench_commits make URI TABLE SNAPSHOTS | append URI TABLE WRITERS COMMITS\n");
    return 2;
  }
  try {
    const auto environment = make_thread_runtime(thread_runtime_options());
    const place at{environment, std::make_shared<open_tables>(open_storage(environment, words[2])), words[3]};
    if (what == "make") {
      make_with_snapshots(at, std::atoll(words[4]));
    } else {
      append(at, std::atoi(words[4]), std::atoll(words[5]));
    }
  } catch (const error &failed) {
    fmt::print(stderr, "{}: {}\n", failed.message(), failed.subject());
    return 1;
  }
  return 0;
}
