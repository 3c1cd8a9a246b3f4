#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "commands/commands.h"
#include "rows.h"

namespace tool {
namespace {

struct create_arguments {
  std::string schema_file, like, partition;
  std::vector<std::string> properties;
  std::optional<std::int64_t> format_version;
  bool if_not_exists = false;
};

std::string read_text(const std::string &file) {
  if (file == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream in(file, std::ios::binary);
  if (!in) throw usage_failure(EVODB_NOT_FOUND, fmt::format("--schema: cannot read {}", file));
  return {std::istreambuf_iterator<char>(in), {}};
}

schema_handle read_schema(const create_arguments &given, const session &library) {
  if (!given.like.empty()) return library.inspect_schema(given.like);
  return before_io([&] {
    const std::string text = read_text(given.schema_file);
    return make<schema_handle>(
        [&](auto **out, auto **error) { return evodb_schema_parse(text.data(), size_of(text), out, error); });
  });
}

table_handle new_table(const create_arguments &given, const session &library) {
  const schema_handle schema = read_schema(given, library);
  partition_spec_handle spec;
  if (!given.partition.empty()) {
    spec = make<partition_spec_handle>([&](auto **out, auto **error) {
      return evodb_partition_spec_parse(schema.get(), given.partition.data(), size_of(given.partition), out, error);
    });
  }
  const options_handle options = new_options();
  if (given.format_version) set_option(options, "format-version", *given.format_version);
  for (const std::string &property : given.properties) {
    const auto [key, value] = split_pair(property, "--table-property");
    set_option(options, "table-property." + key, value);
  }
  const std::string &location = library.location();
  return make<table_handle>([&](auto **out, auto **error) {
    return evodb_table_create(library.storage(), location.data(), size_of(location), schema.get(), spec.get(),
                              options.get(), out, error);
  });
}

}  // namespace

command add_create(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto given = std::make_shared<create_arguments>();
  CLI::App *app =
      add_table_command(program, "create", "Create a table",
                        "create ./flights --like flights-2013-01.parquet --partition 'month(time_hour)'", arguments);
  add_idempotency_key(*app, arguments);
  app->footer(std::string(types_text) + "\n\n" + app->get_footer());
  CLI::Option *schema =
      app->add_option("--schema", given->schema_file, "File with the schema as Iceberg's JSON; - for standard input");
  CLI::Option *like = app->add_option("--like", given->like, "Parquet file whose columns the table is to have");
  schema->excludes(like);
  app->add_option(
      "--partition", given->partition,
      "For example: month(time_hour), bucket(16, id) AS shard. A bare column, or year, month, day, hour(c), "
      "bucket(n, c), truncate(w, c), void(c). Each data file then has to lie in one partition");
  app->add_option("--table-property", given->properties, "KEY=VALUE (repeatable)")->expected(1)->take_all();
  app->add_option("--format-version", given->format_version,
                  "2 or 3; without it 3 where a column's type needs it, else 2")
      ->check(CLI::Range(2, 3));
  app->add_flag("--if-not-exists", given->if_not_exists, "An existing table is no error and stays as it is");
  auto run = [arguments, given] {
    if (given->schema_file.empty() && given->like.empty())
      throw usage_failure(EVODB_INVALID_ARGUMENT, "give --schema or --like");
    for (const std::string &property : given->properties) split_pair(property, "--table-property");
    const session library(*arguments);
    table_handle table;
    bool committed = false;
    try {
      table = library.commit(new_table(*given, library));
      committed = evodb_table_was_committed_before(table.get()) == 0;
    } catch (const failure &exists) {
      if (exists.code != EVODB_ALREADY_EXISTS || !given->if_not_exists) throw;
      table = library.open();
    }
    print_show(with_committed(committed, show_row(table, {})), arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
