#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "column_names.h"
#include "commands/commands.h"
#include "output.h"
#include "rows.h"

namespace tool {
namespace {

struct create_arguments {
  std::string schema_file, like, partition;
  std::vector<std::string> properties;
  std::optional<std::int64_t> format_version;
  bool if_not_exists = false, partition_from_path = false;
};

std::string read_text(const std::string &file) {
  if (file == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream in(file, std::ios::binary);
  if (!in) throw usage_failure(EVODB_NOT_FOUND, fmt::format("--schema: cannot read {}", file));
  return {std::istreambuf_iterator<char>(in), {}};
}

schema_handle read_schema(const create_arguments &given, const session &library) {
  if (!given.like.empty()) return library.inspect_schema(given.like, given.partition_from_path);
  return before_io([&] {
    const std::string text = read_text(given.schema_file);
    return make<schema_handle>(
        [&](auto **out, auto **error) { return evodb_schema_parse(text.data(), size_of(text), out, error); });
  });
}

boost::json::array fields_of(const schema_handle &schema) {
  return boost::json::parse(text_of(evodb_schema_json, schema.get())).at("fields").as_array();
}

/// The columns that only the path has.
boost::json::array columns_of_path(const create_arguments &given, const session &library) {
  const boost::json::array all = fields_of(library.inspect_schema(given.like, true));
  const std::size_t of_file = fields_of(library.inspect_schema(given.like, false)).size();
  return boost::json::array(all.begin() + static_cast<std::ptrdiff_t>(of_file), all.end());
}

std::string names_of(const boost::json::array &columns) {
  std::string text;
  for (const boost::json::value &column : columns)
    text += (text.empty() ? "" : ", ") + quoted_column_name(column.at("name").as_string());
  return text;
}

/// Warns of columns in the path that the table does not get without --partition-from-path.
void warn_of_path(const create_arguments &given, const session &library, bool as_json) {
  const std::string path = absolute_location(given.like);
  if (given.partition_from_path || path.find('=') == std::string::npos) return;
  std::string names;
  try {
    names = names_of(columns_of_path(given, library));
  } catch (const failure &) {
    return;  // no columns can be taken from the path
  }
  if (names.empty()) return;
  print_warning(
      {EVODB_INCOMPATIBLE_SCHEMA,
       fmt::format("the path of {} has values of columns that the table does not have: {}; --partition-from-path "
                   "adds them",
                   given.like, names),
       given.like},
      as_json);
}

/// A column that only the path has gets its values only from an identity partition.
void check_is_partitioned_by(const boost::json::value &column, const partition_spec_handle &spec) {
  const boost::json::value json = boost::json::parse(text_of(evodb_partition_spec_json, spec.get()));
  for (const boost::json::value &field : json.at("fields").as_array()) {
    if (field.at("source-id") == column.at("id") && field.at("transform") == "identity") return;
  }
  throw usage_failure(EVODB_INVALID_ARGUMENT,
                      fmt::format("--partition: column {0} is only in the file's path, and only a partition by the "
                                  "column itself takes its values from there: add {0}",
                                  quoted_column_name(column.at("name").as_string())));
}

/// Null for an unpartitioned table.
partition_spec_handle read_spec(const create_arguments &given, const schema_handle &schema,
                                const boost::json::array &of_path) {
  if (given.partition.empty() && !given.partition_from_path) return nullptr;
  const std::string text = given.partition.empty() ? absolute_location(given.like) : given.partition;
  const auto read = given.partition.empty() ? evodb_partition_spec_from_path : evodb_partition_spec_parse;
  auto spec = before_io([&] {  // an error of the input, although the schema may have been read
    return make<partition_spec_handle>(
        [&](auto **out, auto **error) { return read(schema.get(), text.data(), size_of(text), out, error); });
  });
  for (const boost::json::value &column : of_path) check_is_partitioned_by(column, spec);
  return spec;
}

/// Warns of columns for which append will refuse files, or that a writer added unintentionally.
void warn_of_columns(const table_handle &table, const boost::json::object &shown, bool as_json) {
  const auto schema =
      make<schema_handle>([&](auto **out, auto **error) { return evodb_table_schema(table.get(), out, error); });
  const auto warn = [&](std::string message, const std::string &column) {
    print_warning({EVODB_INCOMPATIBLE_SCHEMA, std::move(message), column}, as_json);
  };
  for (const boost::json::value &column : fields_of(schema)) {
    const std::string name(column.at("name").as_string());
    if (name.starts_with("__index_level_"))
      warn(fmt::format("column {} is the index of a pandas frame: to_parquet(…, "
                       "index=False) writes files without it",
                       name),
           name);
    if (column.at("type") != "float" && column.at("type") != "double") continue;
    for (const boost::json::value &field : shown.at("partition_specs").at(0).at("fields").as_array()) {
      if (field.at("source-id") != column.at("id") || field.at("transform") != "identity") continue;
      warn(fmt::format("the table is partitioned by column {} of type {}: most Parquet files with this column "
                       "cannot be appended, because they do not record that it contains no NaN",
                       name, std::string_view(column.at("type").as_string())),
           name);
    }
  }
}

/// For --json, or as text.
boost::json::value shown_columns(const boost::json::array &columns, bool as_json) {
  boost::json::array rows;
  std::string text;
  for (const boost::json::value &column : columns) {
    rows.push_back({{"name", column.at("name")}, {"type", column.at("type")}});
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", quoted_column_name(column.at("name").as_string()),
                        std::string_view(column.at("type").as_string()));
  }
  return as_json ? boost::json::value(std::move(rows)) : boost::json::value(text);
}

table_handle new_table(const create_arguments &given, const session &library, const boost::json::array &of_path) {
  const schema_handle schema = read_schema(given, library);
  const partition_spec_handle spec = read_spec(given, schema, of_path);
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
  CLI::Option *like = app->add_option("--like", given->like, "Parquet file whose columns the table gets");
  schema->excludes(like);
  app->add_flag(
         "--partition-from-path", given->partition_from_path,
         "With --like: the names in the file's path, …/year=2013/month=1/f.parquet, are columns too (int, long, "
         "date or string, by their values; 01 is a string), and without --partition the table is partitioned by them, "
         "so that append --partition-from-path can fill them. For other types: schema TABLE --json > FILE, change it, "
         "and create --schema FILE --partition year,month")
      ->needs(like);
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
    boost::json::array of_path;
    try {
      if (given->partition_from_path) of_path = columns_of_path(*given, library);
      table = library.commit(new_table(*given, library, of_path));
      committed = evodb_table_was_committed_before(table.get()) == 0;
      if (committed && !given->like.empty()) warn_of_path(*given, library, arguments->as_json);
    } catch (const failure &exists) {
      if (exists.code != EVODB_ALREADY_EXISTS || !given->if_not_exists) throw;
      table = library.open();
    }
    boost::json::object row = with_committed(committed, show_row(table, {}));
    if (committed) warn_of_columns(table, row, arguments->as_json);
    if (committed && given->partition_from_path) row["columns_from_path"] = shown_columns(of_path, arguments->as_json);
    print_show(std::move(row), arguments->as_json);
  };
  return {app, arguments, run};
}

}  // namespace tool
