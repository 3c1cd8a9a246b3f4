#include "commands/commands.h"
#include "output.h"

namespace tool {

command add_explain(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto at = std::make_shared<point_in_time>();
  auto filter = std::make_shared<std::string>();
  CLI::App *app = add_table_command(program, "explain", "Explain for every manifest and file why it is read or not",
                                    "explain ./flights --filter \"origin = 'JFK'\"", arguments);
  add_filter(*app, filter);
  add_point_in_time(*app, at);
  auto run = [=] {
    check_point_in_time(*at);
    parse_filter(*filter);
    const session library(*arguments);
    const table_handle table = library.open();
    const plan_handle plan = library.plan(table, *filter, *at, -1, true);
    explain_iterator cursor = library.explain(plan);
    text_table listed({{"kind"}, {"verdict"}, {"path"}, {"reason"}});
    while (cursor.next()) {
      boost::json::object row;
      row["kind"] = evodb_explain_cursor_is_manifest(cursor.get()) != 0 ? "manifest" : "file";
      row["path"] = text_of(evodb_explain_cursor_path, cursor.get());
      row["kept"] = evodb_explain_cursor_is_kept(cursor.get()) != 0;
      row["reason"] = text_of(evodb_explain_cursor_reason, cursor.get());
      if (arguments->as_json) {
        print_json(row);
      } else {
        auto text = [&](const char *key) { return std::string(row.at(key).as_string()); };
        listed.add({text("kind"), row.at("kept").as_bool() ? "kept" : "skipped", text("path"), text("reason")});
      }
    }
    if (!arguments->as_json) listed.print();
  };
  return {app, arguments, run};
}

}  // namespace tool
