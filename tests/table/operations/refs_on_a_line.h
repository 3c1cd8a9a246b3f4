#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "table/operations/cherry_pick.h"
#include "table/operations/fast_forward.h"
#include "table/operations/remove_ref.h"
#include "table/operations/set_ref.h"
#include "table/sample_table.h"

namespace evodb::table_tests {

/// A table of three appends, a, b and c, one after the other.
struct three_appends : sample_table {
  three_appends() : value(commit(create())) {
    for (const char *name : {"a", "b", "c"}) {
      value = commit(append(value, files(value, name), {}));
      ids.push_back(*value.metadata()->current_snapshot_id);
    }
  }

  table value;
  std::vector<std::int64_t> ids;
};

inline table pick(const sample_table &in, const table &onto, std::int64_t snapshot_id,
                  cherry_pick_options options = {}) {
  return run_to_end(in.environment, [onto, snapshot_id, options]() -> task<table> {
    cherry_pick_options how = options;
    co_return co_await cherry_pick(onto, snapshot_id, std::move(how));
  });
}

inline std::optional<std::int64_t> at(const table &of, const std::string &ref) {
  const auto found = of.metadata()->refs.find(ref);
  return found == of.metadata()->refs.end() ? std::nullopt : std::optional(found->second.snapshot_id);
}

inline scan_request at_ref(const std::string &name) {
  scan_request request;
  request.ref = name;
  return request;
}

inline scan_request at_snapshot(std::int64_t id) {
  scan_request request;
  request.snapshot_id = id;
  return request;
}

inline append_options on_branch(const std::string &name) {
  append_options options;
  options.branch = name;
  return options;
}

inline append_options staged(string_pairs summary = {}, const std::string &branch = table_metadata::main_branch) {
  append_options options;
  options.branch = branch;
  options.is_staged = true;
  options.summary = std::move(summary);
  return options;
}

inline set_ref_options replacing() {
  set_ref_options options;
  options.replace = true;
  return options;
}

}  // namespace evodb::table_tests
