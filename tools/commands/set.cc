#include "commands/commands.h"
#include "rows.h"

namespace tool {

command add_set(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto properties = std::make_shared<std::vector<std::string>>();
  auto removed = std::make_shared<std::vector<std::string>>();
  CLI::App *app = add_table_command(program, "set", "Set and remove table properties",
                                    "set ./flights --table-property owner=ops --unset comment", arguments);
  add_idempotency_key(*app, arguments);
  app->add_option("--table-property", *properties, "KEY=VALUE (repeatable)")->expected(1)->take_all();
  app->add_option("--unset", *removed, "Property to remove (repeatable)")->expected(1)->take_all();
  auto run = [=] {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const std::string &property : *properties) pairs.push_back(split_pair(property, "--table-property"));
    if (pairs.empty() && removed->empty())
      throw usage_failure(EVODB_INVALID_ARGUMENT, "nothing to set: give --table-property or --unset");
    const session library(*arguments);
    table_handle table = library.open();
    if (library.has_key(table))
      return print_show(with_committed(false, show_row(library.commit(table), {})), arguments->as_json);
    for (const auto &[key, value] : pairs) {
      table = make<table_handle>([&, &k = key, &v = value](auto **out, auto **error) {
        return evodb_table_set_property(table.get(), k.data(), size_of(k), v.data(), size_of(v), out, error);
      });
    }
    for (const std::string &key : *removed) {
      table = make<table_handle>([&](auto **out, auto **error) {
        return evodb_table_unset_property(table.get(), key.data(), size_of(key), out, error);
      });
    }
    const table_handle committed = library.commit(table);
    print_show(with_committed(committed, show_row(committed, {})), arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
