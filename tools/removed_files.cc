#include "removed_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "output.h"
#include "refs.h"
#include "rows.h"

namespace tool {

std::vector<removed_file> files_with_rows_of(const session &library, const table_handle &table,
                                             const std::string &filter, const std::string &branch) {
  const delete_plan_handle plan = library.plan_delete(table, filter, branch);
  std::vector<removed_file> files;
  for (std::int64_t i = 0; i < evodb_delete_plan_count(plan.get()); ++i) {
    const char *path = nullptr;
    std::int64_t length = 0;
    evodb_bool is_whole = 0;
    removed_file one;
    check([&](auto **error) {
      return evodb_delete_plan_get(plan.get(), i, &path, &length, &is_whole, &one.record_count, error);
    });
    one.path.assign(path, static_cast<std::size_t>(length));
    one.is_whole = is_whole != 0;
    files.push_back(std::move(one));
  }
  return files;
}

std::vector<removed_file> named_files(const session &library, const table_handle &table,
                                      const std::vector<std::string> &paths, const std::string &branch) {
  std::unordered_map<std::string, std::int64_t> counts;
  for (const removed_file &live : files_with_rows_of(library, table, "TRUE", branch))
    counts.emplace(live.path, live.record_count);
  const std::string folder = text_of(evodb_table_location, table.get());
  std::vector<removed_file> files;
  for (const std::string &path : paths) {
    removed_file one;
    one.path = path;
    bool is_there = false;
    for (const std::string &as : {path, folder + "/" + path}) {
      const auto found = counts.find(as);
      if (found == counts.end()) continue;
      one.path = as;
      one.record_count = found->second;
      is_there = true;
    }
    if (!is_there) throw failure(EVODB_NOT_FOUND, fmt::format("no such data file is in the table: {}", path), path);
    files.push_back(std::move(one));
  }
  return files;
}

std::vector<removed_file> files_of_spec(const session &library, const table_handle &table, std::int32_t spec_id,
                                        const std::string &branch) {
  point_in_time at;
  if (find_ref(table, branch)) at.ref = branch;
  const plan_handle plan = library.plan(table, "", at, -1, true);
  file_iterator cursor = library.files(plan);
  std::vector<removed_file> files;
  while (cursor.next()) {
    if (evodb_file_cursor_spec_id(cursor.get()) != spec_id) continue;
    removed_file one;
    one.path = text_of(evodb_file_cursor_path, cursor.get());
    one.record_count = evodb_file_cursor_record_count(cursor.get());
    files.push_back(std::move(one));
  }
  return files;
}

bool are_whole(const std::vector<removed_file> &files) {
  return std::all_of(files.begin(), files.end(), [](const removed_file &one) { return one.is_whole; });
}

void print_removed(const std::vector<removed_file> &files, bool as_json) {
  text_table listed({{"rows", text_table::align::right}, {"whole"}, {"file"}});
  for (const removed_file &one : files) {
    if (!as_json) {
      listed.add({one.record_count < 0 ? "" : count_text(one.record_count), one.is_whole ? "yes" : "no", one.path});
      continue;
    }
    boost::json::object row;
    row["file_path"] = one.path;
    row["whole"] = one.is_whole;
    row["record_count"] = number_or_null(one.record_count);
    print_json(row);
  }
  if (!as_json) listed.print();
}

std::string summary_of(const std::vector<removed_file> &files) {
  std::int64_t rows = 0;
  for (const removed_file &one : files) rows += std::max<std::int64_t>(0, one.record_count);
  return fmt::format("{} {} with {} rows", count_text(static_cast<std::int64_t>(files.size())),
                     files.size() == 1 ? "file" : "files", count_text(rows));
}

}  // namespace tool
