#include "table/operations/file_operation.h"

#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "table/snapshots/snapshot_operation.h"

namespace evodb {

snapshot_plan plan_snapshot(const table &of, std::string operation, const file_operation_options &options) {
  snapshot_plan plan;
  plan.operation = std::move(operation);
  plan.snapshot_id = new_snapshot_id(of.context()->runtime(), *of.metadata());
  plan.branch = options.branch;
  plan.is_staged = options.is_staged;
  plan.summary = options.summary;
  return plan;
}

std::string path_in_manifests(const table &of, std::string_view path) {
  if (path.empty()) fail(status::INVALID_ARGUMENT, "a file's path is empty");
  const bool is_absolute = path.front() == '/' || path.find(":/") != std::string_view::npos;
  if (is_absolute) return std::string(path);
  std::string folder = of.metadata()->location;
  while (folder.ends_with('/')) folder.pop_back();
  return folder + "/" + std::string(path);
}

std::vector<std::string> paths_in_manifests(const table &of, const std::vector<std::string> &paths) {
  if (paths.empty()) fail(status::INVALID_ARGUMENT, "no files are named");
  std::vector<std::string> all;
  std::unordered_set<std::string> seen;
  for (const std::string &path : paths) {
    all.push_back(path_in_manifests(of, path));
    if (!seen.insert(all.back()).second) fail(status::INVALID_ARGUMENT, "the file is named twice", all.back());
  }
  return all;
}

}  // namespace evodb
