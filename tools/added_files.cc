#include "added_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "output.h"

namespace tool {
namespace {

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

/// In the form of the table's location.
std::string as_in_metadata(const std::string &file) {
  return file.starts_with("r2://") ? "s3://" + file.substr(5) : file;
}

/// Each file once, with its path and whether it is copied.
std::vector<candidate> candidates_of(const added_files_arguments &given, const session &library,
                                     const std::string &folder) {
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

}  // namespace

CLI::Option *add_file_arguments(CLI::App &app, added_files_arguments &given) {
  CLI::Option *files = app.add_option(
      "FILE", given.files,
      "Parquet files, each in one partition; files outside of the table's folder are copied into its data/");
  app.add_flag("--in-place", given.in_place, "Refer to the files where they are");
  app.add_flag("--partition-from-path", given.partition_from_path,
               "Take the value of a column that a file does not have, and by which the table is partitioned, from its "
               "path: …/dt=2020-01-01/part-0.parquet");
  return files;
}

void check_names(const added_files_arguments &given) {
  for (const std::string &file : given.files) absolute_location(file);
}

added_files::added_files(const session &library, const table_handle &table, const added_files_arguments &given)
    : library_(library), table_(table), partition_from_path_(given.partition_from_path) {
  const std::string location = text_of(evodb_table_location, table.get());
  folder_ = library.is_local() ? local_path(location) : location;
  candidates_ = candidates_of(given, library, folder_);
}

added_files::~added_files() {
  if (!copies_.empty()) library_.remove(copies_);
}

bool added_files::has_files_in_folder() const {
  return std::any_of(candidates_.begin(), candidates_.end(),
                     [&](const candidate &file) { return is_inside(file.path, folder_); });
}

void added_files::prepare() {
  if (!candidates_.empty()) files_ = copy_and_inspect();
}

void added_files::own(const data_files_handle &copied) {
  for (std::int64_t i = 0; i < evodb_data_files_count(copied.get()); ++i) {
    copies_.emplace_back();
    check([&](auto **error) {
      const char *path = nullptr;
      std::int64_t length = 0;
      const evodb_status status = evodb_data_files_path(copied.get(), i, &path, &length, error);
      if (status == EVODB_OK) copies_.back().assign(path, static_cast<std::size_t>(length));
      return status;
    });
  }
}

/// Files are checked before anything is copied, and copies again together with the files that stay.
data_files_handle added_files::copy_and_inspect() {
  std::vector<std::string> staying, copying;
  for (const candidate &file : candidates_) (file.is_copied ? copying : staying).push_back(file.path);
  // Copies are inspected again with the files that stay, and their new paths have no values.
  if (partition_from_path_ && !staying.empty() && !copying.empty())
    throw usage_failure(
        EVODB_INVALID_ARGUMENT,
        fmt::format("--partition-from-path: append {}, which stays where it is, and {}, which is copied "
                    "into the table's folder, one after the other",
                    staying.front(), copying.front()));
  data_files_handle files;
  if (!staying.empty()) files = library_.inspect(table_, staying, partition_from_path_);
  if (copying.empty()) return files;
  progress shown;
  const auto show = [&](std::int64_t done_bytes, std::int64_t total_bytes) {
    shown.show(fmt::format("copying {}: {} of {}",
                           copying.size() == 1 ? "a file" : fmt::format("{} files", copying.size()),
                           size_text(done_bytes), size_text(total_bytes)));
  };
  data_files_handle uploaded = library_.upload(table_, copying, partition_from_path_, show);
  own(uploaded);
  if (staying.empty()) return uploaded;
  staying.insert(staying.end(), copies_.begin(), copies_.end());
  return library_.inspect(table_, staying, partition_from_path_);
}

}  // namespace tool
