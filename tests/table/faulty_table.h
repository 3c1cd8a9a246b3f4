#pragma once

#include <memory>
#include <set>
#include <string>

#include "io/memory_store.h"
#include "table/commit/commit.h"
#include "table/faulty_store.h"
#include "table/sample_table.h"

namespace evodb::table_tests {

/// A table in a store that plays faults, and a second way to it that does not.
struct faulty_table : sample_table {
  faulty_table() {
    impatient = std::make_shared<impatient_runtime>(environment);
    environment = impatient;
    const auto beneath = make_memory_store(environment, "faulty");
    store = std::make_shared<faulty_store>(beneath);
    const location root = location::parse("memory://faulty");
    tables = std::make_shared<open_tables>(std::make_shared<const storage>(environment, store, root));
    others = std::make_shared<open_tables>(std::make_shared<const storage>(environment, beneath, root));
  }

  /// Another process's append of a file, all at once.
  task<> append_elsewhere(std::string name) const {
    table there = co_await open_table(others->find("t"));
    table appended = append(there, files(there, name), {});
    co_await evodb::commit(appended);
  }

  std::set<std::string> live_lists() const {
    std::set<std::string> lists;
    for (const auto &snapshot : open().metadata()->snapshots) lists.insert(snapshot->manifest_list);
    return lists;
  }
  /// Manifest lists in the store, whether a snapshot refers to them or not.
  std::size_t stored_lists() const {
    const auto where = others->storage();
    return run_to_end(environment, [where]() -> task<std::size_t> {
      list_options options;
      options.prefix = "t/metadata/snap-";
      const listing found = co_await where->store().list(std::move(options));
      co_return found.objects.size();
    });
  }

  std::shared_ptr<impatient_runtime> impatient;
  std::shared_ptr<faulty_store> store;
  std::shared_ptr<open_tables> others;
};

}  // namespace evodb::table_tests
