#include "simulation/process.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "table/commit.h"
#include "table/described_files.h"

namespace evodb::simulation {
namespace {

using namespace std::chrono_literals;

constexpr int most_tries_after_unknown = 6;

std::shared_ptr<const storage> storage_of(network &through, const std::shared_ptr<simulated_runtime> &environment) {
  std::shared_ptr<object_store> store = make_simulated_store(through, environment);
  location root = store->root();
  return std::make_shared<const storage>(environment, std::move(store), std::move(root));
}

/// Commits a value until its fate is known or patience ends, and tells the ledger of its changes.
task<std::optional<table>> commit_and_tell(process &self, ledger &told, table value, std::vector<std::string> labels) {
  world &in = self.environment->in();
  for (int tries = 0; tries < most_tries_after_unknown; ++tries) {
    std::optional<table> committed;
    std::optional<error> failure;
    try {
      table same = value;
      committed = co_await commit(std::move(same));
    } catch (const error &thrown) {
      failure = thrown;
    }
    ledger::told heard = ledger::told::committed;
    if (failure) {
      const bool may_be_there = failure->code() == status::COMMIT_STATE_UNKNOWN;
      heard = may_be_there ? ledger::told::unknown : ledger::told::not_committed;
      in.tell(self.id, [&] { return fmt::format("{}: {}", fmt::join(labels, ", "), failure->message()); });
    } else {
      in.tell(self.id, [&] {
        return fmt::format("{} committed as version {}", fmt::join(labels, ", "), committed->base().version);
      });
    }
    for (const std::string &label : labels) told.tell(label, heard);
    if (heard != ledger::told::unknown) co_return committed;
    if (in.chance(0.2)) break;  // this caller gives up
    const auto pause = in.between(1s, 1h);
    co_await self.environment->sleep(pause);
  }
  co_return std::nullopt;
}

/// Opens the table; other processes may be making it.
task<std::optional<table>> open(process &self) {
  const std::shared_ptr<table_context> context = self.tables->find(table_name);
  try {
    co_return co_await open_table(context);
  } catch (const error &) {
    co_return std::nullopt;  // the store does not answer now
  }
}

}  // namespace

process::process(world &in, network &through, std::chrono::milliseconds clock_error)
    : id(in.new_process()),
      environment(std::make_shared<simulated_runtime>(in, id, clock_error)),
      tables(std::make_shared<open_tables>(storage_of(through, environment))) {}

table new_table(process &of) {
  field column;
  column.id = 1;
  column.name = "id";
  column.type = type_kind::int64;
  const schema columns(0, {column});
  return table::create(of.tables->find(table_name), columns, partition_spec(), 2, {});
}

table with_file(const table &of, const std::string &label) {
  described_files described(of, false);
  data_file one;
  one.file_path = "data/" + label + ".parquet";
  one.record_count = 1;
  one.file_size = 100;
  described.add(std::move(one), "");
  return of.append(described.finish(), {{"label", label}});
}

task<> write(std::shared_ptr<process> self, ledger &told, int commits, std::chrono::nanoseconds longest_pause) {
  world &in = self->environment->in();
  std::optional<table> known;
  for (int done = 0; done < commits;) {
    const auto pause = in.between(1ms, longest_pause);
    co_await self->environment->sleep(pause);
    if (!known || in.chance(0.1)) known = co_await open(*self);
    if (!known) continue;
    // Sometimes two changes in one version, and sometimes a value that shares a change with another one.
    const int changes = in.chance(0.2) ? 2 : 1;
    std::vector<std::string> labels;
    table value = *known;
    for (int i = 0; i < changes; ++i) {
      labels.push_back(told.begin());
      value = with_file(value, labels.back());
    }
    std::optional<table> committed = co_await commit_and_tell(*self, told, value, labels);
    if (committed && in.chance(0.1)) {
      labels.push_back(told.begin());
      table longer = with_file(value, labels.back());
      committed = co_await commit_and_tell(*self, told, std::move(longer), labels);
    }
    done += static_cast<int>(labels.size());
    if (committed && in.chance(0.9)) known = std::move(committed);
  }
}

}  // namespace evodb::simulation
