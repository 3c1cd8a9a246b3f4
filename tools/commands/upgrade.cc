#include "commands/commands.h"
#include "rows.h"

namespace tool {

command add_upgrade(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto format_version = std::make_shared<std::int32_t>(0);
  CLI::App *app = add_table_command(program, "upgrade", "Raise the table's format version, which never goes down again",
                                    "upgrade ./flights --to 3", arguments);
  add_idempotency_key(*app, arguments);
  app->add_option("--to", *format_version, "2 or 3; engines that do not support it no longer read the table")
      ->required()
      ->check(CLI::Range(2, 3));
  auto run = [arguments, format_version] {
    const session library(*arguments);
    const table_handle table = library.open();
    if (library.has_key(table))
      return print_show(with_committed(false, show_row(library.commit(table), {})), arguments->as_json);
    if (evodb_table_format_version(table.get()) == *format_version && !library.key())
      return print_show(with_committed(false, show_row(table, {})), arguments->as_json);
    const auto upgraded = make<table_handle>(
        [&](auto **out, auto **error) { return evodb_table_upgrade(table.get(), *format_version, out, error); });
    const table_handle committed = library.commit(upgraded);
    print_show(with_committed(committed, show_row(committed, {})), arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
