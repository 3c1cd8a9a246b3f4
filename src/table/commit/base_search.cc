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

task<table_version> find_base_in_turn(table_context &context, const commit_members &members) {
  if (members.front()->is_creating()) co_return co_await find_base(context, members);
  turns &order = context.turns();
  table_version newest;
  auto pause = order.pause();
  std::chrono::nanoseconds in_vain{};  // paused, while nothing was committed
  do {
    if (pause.count() > 0) co_await context.runtime().sleep(pause);
    const std::optional<table_version> before = context.newest_seen(members.front()->value.metadata()->table_uuid);
    const steady_time begun = context.runtime().steady_now();
    newest = co_await find_base(context, members);
    order.measure(context.runtime().steady_now() - begun);
    in_vain = before && before->version == newest.version ? in_vain + pause : std::chrono::nanoseconds(0);
    order.end_pause(in_vain, newest.version);
    pause = order.pause();
  } while (pause.count() > 0);
  co_return newest;
}

std::optional<table_version> likely_base(table_context &context, const commit_members &members,
                                         const std::optional<table_version> &winner) {
  if (members.front()->is_creating() || context.turns().pause().count() > 0) return std::nullopt;
  const uuid expected = members.front()->value.metadata()->table_uuid;
  std::optional<table_version> likely = winner ? winner : context.likely_newest(expected);
  if (!likely || !likely->metadata || likely->metadata->table_uuid != expected) return std::nullopt;
  for (const auto &member : members) {
    const bool has_news = !member->pending.empty() && !(member->key && is_recorded(*member->key, *likely->metadata)) &&
                          std::none_of(member->pending.begin(), member->pending.end(), [&](const auto &change) {
                            return change->operation().is_in(*likely->metadata);
                          });
    if (!has_news) return std::nullopt;
  }
  return likely;
}

}  // namespace evodb
