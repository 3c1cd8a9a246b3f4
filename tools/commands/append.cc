#include <fmt/format.h>

#include <algorithm>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <filesystem>
#include <set>

#include "commands/commands.h"
#include "copy_file.h"
#include "live_files.h"
#include "output.h"
#include "rows.h"

namespace tool {
namespace {

struct append_arguments {
  std::vector<std::string> files, summary;
  bool in_place = false, check_duplicates = false;
};

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
    files_.push_back(to);  // before it is made: its making may fail half way
    copy_file_durably(from, to);
    return to;
  }
  void keep() { files_.clear(); }

 private:
  std::vector<std::string> files_;
  std::error_code ignored_;
};

/// The files as they are, each once and each inspected: errors name what was typed, not a copy.
std::vector<candidate> look_at_files(const append_arguments &given, const session &library, const table_handle &table,
                                     const std::string &folder) {
  std::vector<candidate> candidates;
  std::vector<std::string> paths;
  std::set<std::string> seen;
  for (const std::string &file : given.files) {
    candidate one{file, local_path(absolute_location(file)), false};
    one.is_copied = !given.in_place && !is_inside(one.path, folder);
    std::error_code unknown;
    if (!seen.insert(std::filesystem::weakly_canonical(one.path, unknown).string()).second)
      throw failure(EVODB_INVALID_ARGUMENT, fmt::format("the file is given twice: {}", file), file);
    paths.push_back(one.path);
    candidates.push_back(std::move(one));
  }
  library.inspect(table, paths);
  return candidates;
}

/// The snapshot that carries the key, as far as it has not expired.
void print_as_committed_before(const session &library, const table_handle &table, bool as_json) {
  const std::string key = "evodb.app." + library.key()->application;
  const std::string sequence = std::to_string(library.key()->sequence);
  boost::json::object found = empty_history_row();
  for (std::int64_t i = evodb_table_snapshot_count(table.get()); i-- > 0;) {
    const auto snapshot = make<snapshot_handle>(
        [&](auto **out, auto **error) { return evodb_table_snapshot_at(table.get(), i, out, error); });
    boost::json::object row = history_row(table, snapshot);
    const boost::json::value *carried = row.at("summary").as_object().if_contains(key);
    if (carried == nullptr || carried->as_string() != sequence) continue;
    found = std::move(row);
    break;
  }
  print_history({with_committed(false, found)}, as_json);
}

void run_append(const common_arguments &arguments, const append_arguments &given) {
  const options_handle options = new_options();
  for (const std::string &pair : given.summary) {
    const auto [key, value] = split_pair(pair, "--property");
    before_io([&, &k = key, &v = value] { set_option(options, "summary." + k, v); });
  }
  for (const std::string &file : given.files) absolute_location(file);  // which refuses what is no name
  const session library(arguments);
  const table_handle table = library.open();
  if (library.has_key(table)) return print_as_committed_before(library, library.commit(table), arguments.as_json);
  const std::string folder = local_path(text_of(evodb_table_location, table.get()));
  const std::vector<candidate> candidates = look_at_files(given, library, table, folder);
  if (given.check_duplicates) refuse_live_content(library, table, candidates);
  const bool has_files_of_its_own = std::any_of(candidates.begin(), candidates.end(),
                                                [&](const candidate &file) { return is_inside(file.path, folder); });
  set_option(options, "append.check-duplicates", given.check_duplicates || has_files_of_its_own);

  copies copied;
  std::vector<std::string> paths;
  progress shown;
  for (const candidate &file : candidates) {
    shown.show(fmt::format("{} of {} files", paths.size(), candidates.size()));
    paths.push_back(file.is_copied ? copied.add(file.path, folder) : file.path);
  }
  const data_files_handle files = library.inspect(table, paths);
  const auto appended = make<table_handle>([&](auto **out, auto **error) {
    return evodb_table_append(table.get(), files.get(), options.get(), out, error);
  });
  const auto snapshot = make<snapshot_handle>(
      [&](auto **out, auto **error) { return evodb_table_current_snapshot(appended.get(), out, error); });
  table_handle committed;
  try {
    committed = library.commit(appended);
  } catch (const failure &why) {
    if (why.code == EVODB_COMMIT_STATE_UNKNOWN) copied.keep();
    throw;
  }
  if (evodb_table_was_committed_before(committed.get()) != 0)
    return print_as_committed_before(library, committed, arguments.as_json);
  copied.keep();
  const auto made = make<snapshot_handle>([&](auto **out, auto **error) {
    return evodb_table_snapshot_by_id(committed.get(), evodb_snapshot_id(snapshot.get()), out, error);
  });
  print_history({with_committed(committed, history_row(committed, made))}, arguments.as_json);
}

}  // namespace

command add_append(CLI::App &program) {
  auto arguments = std::make_shared<common_arguments>();
  auto given = std::make_shared<append_arguments>();
  CLI::App *app = add_table_command(program, "append", "Add Parquet files, as one snapshot",
                                    "append ./flights flights-2013-0*.parquet", arguments);
  add_idempotency_key(*app, arguments);
  app->add_option("FILE", given->files,
                  "Parquet files, each within one partition; those outside of the table's folder are copied into its "
                  "data/")
      ->required();
  app->add_flag("--in-place", given->in_place, "Refer to the files where they are");
  app->add_flag(
      "--check-duplicates", given->check_duplicates,
      "Refuse files that are in the table already: by path (files in the table's folder always are), and those to "
      "be copied by content, as far as the table has them when this begins");
  app->add_option("--property", given->summary, "KEY=VALUE for the snapshot's summary (repeatable)")
      ->expected(1)
      ->take_all();
  auto run = [arguments, given] { run_append(*arguments, *given); };
  return {app, arguments, run};
}

}  // namespace tool
