#include <fmt/format.h>

#include "commands/commands.h"
#include "rows.h"
#include "timestamp_argument.h"

namespace tool {
namespace {

/// The id of a snapshot of the table, or else a time in the past.
std::int64_t find_target(const table_handle &table, const std::string &to) {
  const std::int64_t number = parse_timestamp(to);
  const bool may_be_id = to.find_first_not_of("0123456789") == std::string::npos;
  if (may_be_id) {
    evodb_snapshot *found = nullptr;
    if (evodb_table_snapshot_by_id(table.get(), number, &found, nullptr) == EVODB_OK) {
      evodb_snapshot_free(found);
      return number;
    }
  }
  const std::string no_id =
      may_be_id ? fmt::format("the table has no snapshot {} (history lists them); as epoch milliseconds, ", to)
                : std::string();
  if (number > now_ms()) throw failure(EVODB_NOT_FOUND, fmt::format("{}the time is in the future: {}", no_id, to));
  point_in_time at;
  at.as_of = to;
  try {
    return evodb_snapshot_id(snapshot_at(table, at).get());
  } catch (failure &none) {
    none.message = no_id + none.message;
    throw;
  }
}

}  // namespace

command add_rollback(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto to = std::make_shared<std::string>();
  CLI::App *app = add_table_command(program, "rollback", "Make an earlier snapshot the current one; nothing is deleted",
                                    "rollback ./flights --to 5212344857498043649", arguments);
  add_idempotency_key(*app, arguments);
  app->add_option("--to", *to,
                  "Snapshot id (see history), or a time: the snapshot that was current then. Digits alone are an id if "
                  "the table has "
                  "it, otherwise epoch milliseconds")
      ->required();
  auto run = [arguments, to] {
    parse_timestamp(*to);
    const session library(*arguments);
    const table_handle table = library.open();
    if (library.has_key(table)) {
      const table_handle there = library.commit(table);
      return print_history({with_committed(false, history_row(there, snapshot_at(there, {})))}, arguments->as_json);
    }
    const std::int64_t target = find_target(table, *to);
    const auto rolled_back = make<table_handle>(
        [&](auto **out, auto **error) { return evodb_table_roll_back(table.get(), target, out, error); });
    const table_handle committed = library.commit(rolled_back);
    const auto snapshot = make<snapshot_handle>(
        [&](auto **out, auto **error) { return evodb_table_current_snapshot(committed.get(), out, error); });
    print_history({with_committed(committed, history_row(committed, snapshot))}, arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
