#include <fmt/format.h>

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <filesystem>
#include <set>

#include "commands/commands.h"
#include "copy_file.h"
#include "output.h"
#include "rows.h"

namespace tool {
namespace {

struct append_arguments {
  std::vector<std::string> files, summary;
  bool in_place = false, check_duplicates = false;
};

std::string local_path(const std::string &location) {
  std::string path = location.starts_with("file:") ? location.substr(5) : location;
  while (path.starts_with("//")) path.erase(0, 1);
  return path;
}

bool is_inside(const std::string &file, const std::string &folder) {
  return file.starts_with(folder + "/");
}

/// Files that were copied into the table and are to be removed unless a commit refers to them, or may.
class copies {
 public:
  ~copies() {
    for (const std::string &file : files_) std::filesystem::remove(file, ignored_);
  }
  std::string add(const std::string &from, const std::string &table_folder) {
    const std::string name = boost::uuids::to_string(boost::uuids::random_generator()()) + "-" +
                             std::filesystem::path(from).filename().string();
    const std::string to = table_folder + "/data/" + name;
    copy_file_durably(from, to);
    files_.push_back(to);
    return to;
  }
  void keep() { files_.clear(); }

 private:
  std::vector<std::string> files_;
  std::error_code ignored_;
};

void refuse_live_paths(const session &library, const table_handle &table, const data_files_handle &files) {
  std::set<std::string> paths;
  for (std::int64_t i = 0; i < evodb_data_files_count(files.get()); ++i) {
    const char *path = nullptr;
    check([&](auto **error) { return evodb_data_files_path(files.get(), i, &path, nullptr, error); });
    paths.insert(path);
  }
  const plan_handle plan = library.plan(table, "", {}, -1);
  const auto cursor =
      make<file_cursor_handle>([&](auto **out, auto **error) { return evodb_plan_files(plan.get(), out, error); });
  for (std::int32_t has_file = 0;;) {
    check([&](auto **error) { return evodb_file_cursor_next(cursor.get(), &has_file, error); });
    if (has_file == 0) return;
    const std::string live = text_of(evodb_file_cursor_path, cursor.get());
    if (paths.contains(live))
      throw failure(EVODB_ALREADY_EXISTS, fmt::format("the file is already in the table: {}", live), live);
  }
}

void run_append(const common_arguments &arguments, const append_arguments &given) {
  const options_handle options = new_options();
  for (const std::string &pair : given.summary) {
    const auto [key, value] = split_pair(pair, "--property");
    before_io([&, &k = key, &v = value] { set_option(options, "summary." + k, v); });
  }
  const session library(arguments);
  const table_handle table = library.open();
  const std::string folder = local_path(text_of(evodb_table_location, table.get()));

  copies copied;
  std::vector<std::string> paths;
  bool check_duplicates = given.check_duplicates;
  progress shown;
  for (const std::string &file : given.files) {
    shown.show(fmt::format("{} of {} files", paths.size(), given.files.size()));
    const std::string path = local_path(absolute_location(file));
    const bool is_in_table = is_inside(path, folder);
    check_duplicates |= is_in_table;
    paths.push_back(is_in_table || given.in_place ? path : copied.add(path, folder));
  }
  const data_files_handle files = library.inspect(table, paths);
  if (check_duplicates) refuse_live_paths(library, table, files);
  const auto appended = make<table_handle>([&](auto **out, auto **error) {
    return evodb_table_append(table.get(), files.get(), options.get(), out, error);
  });
  const auto snapshot = make<snapshot_handle>(
      [&](auto **out, auto **error) { return evodb_table_current_snapshot(appended.get(), out, error); });
  table_handle committed;
  try {
    committed = library.commit(appended);
  } catch (const failure &why) {
    if (evodb_status_may_have_committed(why.code) != 0) copied.keep();
    throw;
  }
  copied.keep();
  const auto made = make<snapshot_handle>([&](auto **out, auto **error) {
    return evodb_table_snapshot_by_id(committed.get(), evodb_snapshot_id(snapshot.get()), out, error);
  });
  print_history({with_committed(true, history_row(committed, made))}, arguments.as_json);
}

}  // namespace

command add_append(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto given = std::make_shared<append_arguments>();
  CLI::App *app = add_table_command(program, "append", "Add Parquet files, as one snapshot",
                                    "append ./flights flights-2013-0*.parquet", arguments);
  app->add_option("FILE", given->files, "Parquet files; those outside of the table's folder are copied into its data/")
      ->required();
  app->add_flag("--in-place", given->in_place, "Refer to the files where they are");
  app->add_flag("--check-duplicates", given->check_duplicates, "Refuse files that are in the table already");
  app->add_option("--property", given->summary, "KEY=VALUE for the snapshot's summary (repeatable)")
      ->expected(1)
      ->take_all();
  auto run = [arguments, given] { run_append(*arguments, *given); };
  return {app, arguments, run};
}

}  // namespace tool
