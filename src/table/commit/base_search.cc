#include "table/commit/base_search.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "table/commit/commit_call.h"
#include "table/commit/place_for_table.h"

namespace evodb {

task<table_version> find_base(table_context &context, const commit_members &members) {
  const commit_call &first = *members.front();
  if (!first.is_creating()) {
    table_version known = first.value.base();
    co_return co_await context.newest(first.value.metadata()->table_uuid, std::move(known));
  }
  table_version found = co_await context.find();
  if (found.version == 0) {
    found.metadata = first.pending.front()->operation().initial_metadata();
    location place = context.location();
    co_await require_free_place(context.storage(), std::move(place));
  }
  co_return found;
}

task<possible_base> find_base_in_turn(table_context &context, const commit_members &members,
                                      std::optional<table_version> winner) {
  if (members.front()->is_creating()) {
    table_version found = co_await find_base(context, members);
    co_return possible_base(std::move(found), true);
  }
  turns &order = context.turns();
  runtime &environment = context.runtime();
  const uuid expected = members.front()->value.metadata()->table_uuid;
  std::optional<table_version> found = winner ? std::move(winner) : context.likely_newest(expected);
  if (found && !(found->metadata && found->metadata->table_uuid == expected)) found.reset();
  bool is_confirmed = false;
  while (!found || !order.is_next(environment.steady_now())) {
    const auto pause = order.pause();
    if (pause.count() > 0) co_await environment.sleep(pause);
    const steady_time begun = environment.steady_now();
    std::optional<table_version> seen = context.newest_seen(expected);
    is_confirmed = !seen || !order.has_just_looked(begun);
    if (is_confirmed) {
      found = co_await find_base(context, members);
    } else {
      found = co_await context.look_ahead(*std::move(seen));
    }
    order.measure(environment.steady_now() - begun);
  }
  co_return possible_base(*std::move(found), is_confirmed);
}

bool have_news(const commit_members &members, const table_metadata &base) {
  return std::all_of(members.begin(), members.end(), [&](const auto &member) {
    return !member->pending.empty() && !(member->key && is_recorded(*member->key, base)) &&
           std::none_of(member->pending.begin(), member->pending.end(),
                        [&](const auto &change) { return change->operation().is_in(base); });
  });
}

}  // namespace evodb
