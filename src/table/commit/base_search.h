#pragma once

#include <optional>
#include <vector>

#include "runtime/task.h"
#include "table/commit_queue.h"
#include "table/table_context.h"

namespace evodb {

using commit_members = std::vector<commit_queue::member>;

/// The newest version, for calls that are committed together: at least one. For a create, version 0 where there is room for
/// a table, or the table that has the place.
task<table_version> find_base(table_context &context, const commit_members &members);

/// The same in turn with rivals (turns), to whom versions may be left before.
task<table_version> find_base_in_turn(table_context &context, const commit_members &members);

/// What the newest version probably is, where every member has something new for it: nothing is reported that was not
/// confirmed. `winner`: the version that took the last try's place.
std::optional<table_version> likely_base(table_context &context, const commit_members &members,
                                         const std::optional<table_version> &winner);

}  // namespace evodb
