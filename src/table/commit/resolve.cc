#include "table/commit/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"
#include "table/snapshots/expiry.h"

namespace evodb {
namespace {

/// One of them alone may have been committed by a value that shares it.
bool has_all_snapshots(const table_metadata &newest, const commit_token &token) {
  return std::all_of(token.snapshot_ids.begin(), token.snapshot_ids.end(),
                     [&](std::int64_t id) { return newest.find_snapshot(id) != nullptr; });
}

/// Whether the newest version shows the changes to be there, whichever body brought them.
bool holds(const table_metadata &newest, const commit_token &token) {
  const bool is_shown = token.shown_by == commit_token::proof::snapshots && !token.snapshot_ids.empty();
  if (is_shown && has_all_snapshots(newest, token)) return true;
  return token.key && is_recorded(*token.key, newest);
}

resolution committed(const commit_token &token, std::optional<std::int64_t> version) {
  resolution found(resolution::kind::committed);
  found.version = version;
  if (!token.snapshot_ids.empty()) found.snapshot_id = token.snapshot_ids.back();
  return found;
}

/// A caller that is given LOST takes for committed only what was reported as committed before that call.
resolution lost(const commit_token &token) {
  const bool is_all = token.shown_by != commit_token::proof::rest;
  return resolution(is_all ? resolution::kind::lost : resolution::kind::unknown);
}

}  // namespace

task<resolution> resolve(std::shared_ptr<table_context> context, commit_token token) {
  std::string attempt = token.attempt;
  catalog::predicate shows = [&](const table_metadata &newest) { return holds(newest, token); };
  const attempt_fate fate = co_await context->catalog().resolve(std::move(attempt), token.table, std::move(shows));
  if (fate.what == attempt_fate::kind::shown) co_return committed(token, fate.version);
  if (token.shown_by == commit_token::proof::none) co_return resolution(resolution::kind::unknown);
  switch (fate.what) {
    case attempt_fate::kind::committed:
      co_return committed(token, fate.version);
    case attempt_fate::kind::lost:
      co_return lost(token);
    case attempt_fate::kind::cleaned_away: {
      // A snapshot of it would still be there unless it has expired since.
      const bool may_have_been_there = has_all_snapshots(*fate.now.metadata, token) ||
                                       context->storage()->now_ms() - fate.first_sent_ms > youngest_expired_snapshot_ms;
      co_return may_have_been_there ? resolution(resolution::kind::unknown) : lost(token);
    }
    case attempt_fate::kind::shown:
    case attempt_fate::kind::unknown:
      break;
  }
  co_return resolution(resolution::kind::unknown);
}

}  // namespace evodb
