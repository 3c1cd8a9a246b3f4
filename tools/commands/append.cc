#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "commands/commands.h"
#include "duplicate_check.h"
#include "output.h"
#include "rows.h"

namespace tool {
namespace {

struct append_arguments {
  std::vector<std::string> files, summary;
  bool in_place = false, check_duplicates = false, partition_from_path = false;
};

bool is_inside(const std::string &file, const std::string &folder) {
  return file.starts_with(folder + "/");
}

/// The path of a local file inside the folder, if links lead there; otherwise the path as given.
std::string without_links(const std::string &path, const std::string &folder) {
  std::error_code unknown;
  const std::string real = std::filesystem::weakly_canonical(path, unknown).string();
  const std::string real_folder = std::filesystem::weakly_canonical(folder, unknown).string();
  return is_inside(real, real_folder) ? folder + real.substr(real_folder.size()) : path;
}

/// Copies in the table's folder, which are deleted unless a commit refers to them, or may refer to them.
class copies {
 public:
  explicit copies(const session &library) : library_(library) {}
  ~copies() {
    if (!files_.empty()) library_.remove(files_);
  }
  void own(const data_files_handle &copied) {
    for (std::int64_t i = 0; i < evodb_data_files_count(copied.get()); ++i) {
      files_.emplace_back();
      check([&](auto **error) {
        const char *path = nullptr;
        std::int64_t length = 0;
        const evodb_status status = evodb_data_files_path(copied.get(), i, &path, &length, error);
        if (status == EVODB_OK) files_.back().assign(path, static_cast<std::size_t>(length));
        return status;
      });
    }
  }
  const std::vector<std::string> &files() const { return files_; }
  void keep() { files_.clear(); }

 private:
  const session &library_;
  std::vector<std::string> files_;
};

/// In the form of the table's location.
std::string as_in_metadata(const std::string &file) {
  return file.starts_with("r2://") ? "s3://" + file.substr(5) : file;
}

/// Each file once, with its path and whether it is copied.
std::vector<candidate> candidates_of(const append_arguments &given, const session &library, const std::string &folder) {
  std::vector<candidate> candidates;
  std::set<std::string> seen;
  for (const std::string &file : given.files) {
    candidate one{file, as_in_metadata(absolute_location(file)), false};
    const bool is_here = is_local(one.path);
    if (is_here) one.path = local_path(one.path);
    if (is_here && library.is_local()) one.path = without_links(one.path, folder);
    std::error_code unknown;
    const std::string same = is_here ? std::filesystem::weakly_canonical(one.path, unknown).string() : one.path;
    if (!seen.insert(same).second)
      throw failure(EVODB_INVALID_ARGUMENT, fmt::format("the file is given twice: {}", file), file);
    const bool is_in_same_storage = is_here == library.is_local();  // the table can refer to it
    if (given.in_place && !is_in_same_storage)
      throw usage_failure(EVODB_INVALID_ARGUMENT,
                          fmt::format("--in-place: the table is in another storage and cannot refer to {}", file));
    const bool stays = is_in_same_storage && (given.in_place || is_inside(one.path, folder));
    if (!stays && !is_here)
      throw usage_failure(EVODB_INVALID_ARGUMENT,
                          fmt::format("{} is outside of the table's folder; --in-place refers to it there", file));
    one.is_copied = !stays;
    candidates.push_back(std::move(one));
  }
  return candidates;
}

/// Files are checked before anything is copied, and copies again together with the files that stay.
data_files_handle data_files_of(const std::vector<candidate> &candidates, const session &library,
                                const table_handle &table, bool partition_from_path, copies &copied) {
  std::vector<std::string> staying, copying;
  for (const candidate &file : candidates) (file.is_copied ? copying : staying).push_back(file.path);
  // Copies are inspected again with the files that stay, and their new paths have no values.
  if (partition_from_path && !staying.empty() && !copying.empty())
    throw usage_failure(
        EVODB_INVALID_ARGUMENT,
        fmt::format("--partition-from-path: append {}, which stays where it is, and {}, which is copied "
                    "into the table's folder, one after the other",
                    staying.front(), copying.front()));
  data_files_handle files;
  if (!staying.empty()) files = library.inspect(table, staying, partition_from_path);
  if (copying.empty()) return files;
  progress shown;
  const auto show = [&](std::int64_t done_bytes, std::int64_t total_bytes) {
    shown.show(fmt::format("copying {}: {} of {}",
                           copying.size() == 1 ? "a file" : fmt::format("{} files", copying.size()),
                           size_text(done_bytes), size_text(total_bytes)));
  };
  data_files_handle uploaded = library.upload(table, copying, partition_from_path, show);
  copied.own(uploaded);
  if (staying.empty()) return uploaded;
  staying.insert(staying.end(), copied.files().begin(), copied.files().end());
  return library.inspect(table, staying, partition_from_path);
}

/// Prints the snapshot with the key, if it has not expired.
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
  for (const std::string &file : given.files) absolute_location(file);  // refuses an empty name
  const session library(arguments);
  const table_handle table = library.open();
  if (library.has_key(table)) return print_as_committed_before(library, library.commit(table), arguments.as_json);
  const std::string location = text_of(evodb_table_location, table.get());
  const std::string folder = library.is_local() ? local_path(location) : location;
  const std::vector<candidate> candidates = candidates_of(given, library, folder);
  if (given.check_duplicates) refuse_duplicate_content(library, table, candidates);
  const bool has_files_in_folder = std::any_of(candidates.begin(), candidates.end(),
                                               [&](const candidate &file) { return is_inside(file.path, folder); });
  set_option(options, "append.check-duplicates", given.check_duplicates || given.in_place || has_files_in_folder);

  copies copied(library);
  const data_files_handle files = data_files_of(candidates, library, table, given.partition_from_path, copied);
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
                  "Parquet files, each in one partition; files outside of the table's folder are copied into its "
                  "data/")
      ->required();
  app->add_flag("--in-place", given->in_place, "Refer to the files where they are");
  app->add_flag("--check-duplicates", given->check_duplicates,
                "Refuse files that are in the table already: by path (always checked for files that stay where "
                "they are), and, for files to be copied, by content, compared with the table at the start");
  app->add_flag("--partition-from-path", given->partition_from_path,
                "Take the value of a column that a file does not have, and by which the table is partitioned, from its "
                "path: …/dt=2020-01-01/part-0.parquet");
  app->add_option("--property", given->summary, "KEY=VALUE for the snapshot's summary (repeatable)")
      ->expected(1)
      ->take_all();
  auto run = [arguments, given] { run_append(*arguments, *given); };
  return {app, arguments, run};
}

}  // namespace tool
