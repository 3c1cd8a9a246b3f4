#include "commands/commands.h"
#include "rows.h"
#include "snapshot_argument.h"
#include "timestamp_argument.h"

namespace tool {
namespace {

/// To the snapshot of the table that has this id, or else in the line of the current one to a time in the past.
table_handle roll_back(const table_handle &table, const std::string &to) {
  if (const auto id = find_snapshot_id(table, to)) {
    return make<table_handle>(
        [&](auto **out, auto **error) { return evodb_table_roll_back(table.get(), *id, out, error); });
  }
  return find_by_time(to, [&](std::int64_t time_ms) {
    return make<table_handle>([&](auto **out, auto **error) {
      return evodb_table_roll_back_to_time(table.get(), nullptr, 0, time_ms, out, error);
    });
  });
}

}  // namespace

command add_rollback(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto to = std::make_shared<std::string>();
  CLI::App *app = add_table_command(program, "rollback", "Make an earlier snapshot the current one; nothing is deleted",
                                    "rollback ./flights --to 5212344857498043649", arguments);
  add_idempotency_key(*app, arguments);
  app->add_option("--to", *to,
                  "Snapshot id (see history), or a time: the newest among the current snapshot and its ancestors that "
                  "was made by then. Digits alone are an id if the table has it, otherwise epoch milliseconds")
      ->required();
  auto run = [arguments, to] {
    parse_timestamp(*to);
    const session library(*arguments);
    const table_handle table = library.open();
    if (library.has_key(table)) {
      const table_handle there = library.commit(table);
      return print_history({with_committed(false, history_row(there, snapshot_at(there, {})))}, arguments->as_json);
    }
    const table_handle committed = library.commit(roll_back(table, *to));
    print_history({with_committed(committed, history_row(committed, snapshot_at(committed, {})))}, arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
