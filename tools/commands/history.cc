#include "commands/commands.h"
#include "rows.h"

namespace tool {

command add_history(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  CLI::App *app = add_table_command(program, "history", "List the table's snapshots", "history ./flights", arguments);
  auto run = [arguments] {
    const session library(*arguments);
    const table_handle table = library.open();
    std::vector<boost::json::object> rows;
    for (std::int64_t i = 0; i < evodb_table_snapshot_count(table.get()); ++i) {
      const auto snapshot = make<snapshot_handle>(
          [&](auto **out, auto **error) { return evodb_table_snapshot_at(table.get(), i, out, error); });
      rows.push_back(history_row(table, snapshot));
    }
    print_history(std::move(rows), arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
