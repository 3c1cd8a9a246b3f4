#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "runtime/task.h"
#include "table/commit_queue.h"
#include "table/table_context.h"

namespace evodb {

using commit_members = std::vector<commit_queue::member>;

/// The newest version, for calls that are committed together: at least one. For a create, version 0 where there is room for
/// a table, or the table that has the place.
task<table_version> find_base(table_context &context, const commit_members &members);

/// What to make the next version of.
struct possible_base {
  table_version version;
  /// Whether the store has shown it to be the newest; otherwise find_base has to, and nothing is reported before.
  bool is_confirmed = false;

  possible_base(table_version one, bool confirmed) : version(std::move(one)), is_confirmed(confirmed) {}
};

/// The same when it is the members' turn among rivals (turns), to whom versions may be left before. `winner`: the version
/// that took the last try's place.
task<possible_base> find_base_in_turn(table_context &context, const commit_members &members,
                                      std::optional<table_version> winner);

/// Whether every member has something for the version after this one.
bool have_news(const commit_members &members, const table_metadata &base);

}  // namespace evodb
