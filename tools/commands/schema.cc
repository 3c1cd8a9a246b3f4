#include "commands/commands.h"
#include "rows.h"

namespace tool {

command add_schema(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto at = std::make_shared<point_in_time>();
  auto schema_id = std::make_shared<std::optional<std::int32_t>>();
  CLI::App *app = add_table_command(program, "schema", "Show the table's columns",
                                    "schema ./flights --as-of 2026-11-01T12:00", arguments);
  app->add_option("--schema-id", *schema_id, "This schema instead of the current one");
  add_point_in_time(*app, at);
  auto run = [arguments, at, schema_id] {
    check_point_in_time(*at);
    if (*schema_id && at->is_given())
      throw usage_failure(EVODB_INVALID_ARGUMENT, "--schema-id and a point in time exclude each other");
    const session library(*arguments);
    const table_handle table = library.open();
    const schema_handle schema = *schema_id ? make<schema_handle>([&](auto **out, auto **error) {
      return evodb_table_schema_by_id(table.get(), **schema_id, out, error);
    })
                                            : schema_at(table, *at);
    print_schema(schema_row(schema), arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
