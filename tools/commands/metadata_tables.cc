#include "commands/commands.h"
#include "row_output.h"

namespace tool {
namespace {

using as = shown_column::as;

command add_metadata_table(CLI::App &program, const char *name, const char *description, const char *example,
                           std::vector<shown_column> columns) {
  auto arguments = std::make_shared<common_arguments>();
  auto at = std::make_shared<point_in_time>();
  CLI::App *app = add_table_command(program, name, description, example, arguments);
  add_point_in_time(*app, at);
  auto run = [arguments, at, name, columns = std::move(columns)] {
    check_point_in_time(*at);
    const session library(*arguments);
    const table_handle table = library.open();
    const options_handle options = new_options();
    set_point_in_time(options, *at);
    evodb_future *reading = evodb_table_metadata(table.get(), name, -1, options.get());
    print_rows(library.rows(reading), arguments->as_json, columns);
  };
  return {app, arguments, run};
}

}  // namespace

command add_manifests(CLI::App &program) {
  return add_metadata_table(program, "manifests", "List the manifests of a snapshot", "manifests ./flights",
                            {{"content", "content", as::number},
                             {"length", "size", as::size},
                             {"partition_spec_id", "spec", as::number},
                             {"added_data_files_count", "added", as::count},
                             {"existing_data_files_count", "existing", as::count},
                             {"deleted_data_files_count", "deleted", as::count},
                             {"added_delete_files_count", "added deletes", as::count},
                             {"existing_delete_files_count", "existing deletes", as::count},
                             {"deleted_delete_files_count", "deleted deletes", as::count},
                             {"path", "manifest"}});
}

command add_partitions(CLI::App &program) {
  return add_metadata_table(program, "partitions", "List the partitions of a snapshot", "partitions ./flights",
                            {{"partition", "partition"},
                             {"spec_id", "spec", as::number},
                             {"record_count", "rows", as::count},
                             {"file_count", "files", as::count},
                             {"total_data_file_size_in_bytes", "size", as::size},
                             {"position_delete_file_count", "position deletes", as::count},
                             {"equality_delete_file_count", "equality deletes", as::count},
                             {"last_updated_at", "last updated", as::time}});
}

}  // namespace tool
