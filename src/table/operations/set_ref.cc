#include "table/operations/set_ref.h"

#include <fmt/format.h>

#include <memory>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "table/operations/ref_operation.h"

namespace evodb {
namespace {

std::string_view kind_of(bool is_branch) {
  return is_branch ? "branch" : "tag";
}

template <typename Number>
void check_positive(const std::optional<Number> &number, const char *what, const std::string &name) {
  if (number && *number <= 0)
    fail(status::INVALID_ARGUMENT, fmt::format("{} of '{}' is not above 0: {}", what, name, *number), name);
}

void check_retention(const ref_retention &given, const std::string &name, bool is_branch) {
  check_positive(given.min_snapshots_to_keep, "min-snapshots-to-keep", name);
  check_positive(given.max_snapshot_age_ms, "max-snapshot-age-ms", name);
  check_positive(given.max_ref_age_ms, "max-ref-age-ms", name);
  if (!is_branch && (given.min_snapshots_to_keep || given.max_snapshot_age_ms)) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("a tag keeps its own snapshot alone: min-snapshots-to-keep and max-snapshot-age-ms are of "
                     "branches, and '{}' is to be a tag",
                     name),
         name);
  }
  if (name == table_metadata::main_branch && given.max_ref_age_ms)
    fail(status::INVALID_ARGUMENT, "the main branch does not age: it has no max-ref-age-ms", name);
}

table set_ref(const table &of, std::string name, std::int64_t snapshot_id, bool is_branch,
              const set_ref_options &options) {
  const table_metadata &metadata = *of.metadata();
  const std::string &location = metadata.location;
  if (name.empty())
    fail(status::INVALID_ARGUMENT, fmt::format("the name of the {} is empty", kind_of(is_branch)), location);
  if (!is_branch && name == table_metadata::main_branch)
    fail(status::INVALID_ARGUMENT, "main is a branch, and cannot be a tag", name);
  check_retention(options.retention, name, is_branch);
  const auto known = metadata.refs.find(name);
  if (known != metadata.refs.end()) {
    const snapshot_ref &there = known->second;
    if (there.is_branch != is_branch) {
      fail(status::INVALID_ARGUMENT,
           fmt::format("'{}' is a {}, and not a {}: remove it first", name, kind_of(there.is_branch),
                       kind_of(is_branch)),
           name);
    }
    if (!options.replace) {
      fail(status::ALREADY_EXISTS,
           fmt::format("the table has a {} {} already, at snapshot {}: it moves only where it is to be replaced",
                       kind_of(is_branch), name, there.snapshot_id),
           name);
    }
  }
  if (!metadata.find_snapshot(snapshot_id))
    fail(status::NOT_FOUND, fmt::format("the table has no snapshot {}", snapshot_id), location);
  snapshot_ref becomes;
  becomes.snapshot_id = snapshot_id;
  becomes.is_branch = is_branch;
  becomes.min_snapshots_to_keep = options.retention.min_snapshots_to_keep;
  becomes.max_snapshot_age_ms = options.retention.max_snapshot_age_ms;
  becomes.max_ref_age_ms = options.retention.max_ref_age_ms;
  std::string what = fmt::format("setting {} {} to snapshot {}", kind_of(is_branch), name, snapshot_id);
  return of.with(std::make_shared<ref_operation>(std::move(what), std::move(name), metadata, becomes));
}

}  // namespace

table set_branch(const table &of, std::string name, std::int64_t snapshot_id, set_ref_options options) {
  return set_ref(of, std::move(name), snapshot_id, true, options);
}

table set_tag(const table &of, std::string name, std::int64_t snapshot_id, set_ref_options options) {
  return set_ref(of, std::move(name), snapshot_id, false, options);
}

}  // namespace evodb
