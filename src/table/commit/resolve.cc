#include "table/commit/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"
#include "runtime/cancellation.h"
#include "table/snapshots/expiry.h"

namespace evodb {
namespace {

constexpr int most_rounds = 10;

/// One of them alone may have been committed by a value that shares it.
bool has_all_snapshots(const table_metadata &newest, const commit_token &token) {
  return std::all_of(token.snapshot_ids.begin(), token.snapshot_ids.end(),
                     [&](std::int64_t id) { return newest.find_snapshot(id) != nullptr; });
}

/// Whether the newest version shows the changes to be there, whichever body brought them.
bool holds(const table_metadata &newest, const commit_token &token) {
  const bool is_shown = token.shown_by == commit_token::proof::snapshots && !token.snapshot_ids.empty();
  if (is_shown && has_all_snapshots(newest, token)) return true;
  try {
    return token.key && is_committed(*token.key, newest);
  } catch (const error &) {
    return false;  // a higher sequence tells nothing of this one
  }
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
  evodb::catalog &catalog = context->catalog();
  for (int round = 0; round < most_rounds; ++round) {
    table_version newest = co_await catalog.load();
    if (newest.metadata->table_uuid != token.table) {
      fail(status::CONFLICT,
           fmt::format("the token is of another table: of uuid {}, and here is {}", token.table.to_text(),
                       newest.metadata->table_uuid.to_text()),
           context->location().to_text());
    }
    if (holds(*newest.metadata, token)) {
      co_await catalog.make_durable(newest.version);
      const std::optional<std::string> made = co_await catalog.attempt_of(token.version);
      const bool is_this_body = made && *made == token.attempt.to_text();
      co_return committed(token, is_this_body ? std::optional<std::int64_t>(token.version) : std::nullopt);
    }
    if (newest.version >= token.version) {
      const std::optional<std::string> made = co_await catalog.attempt_of(token.version);
      if (token.shown_by == commit_token::proof::none) co_return resolution(resolution::kind::unknown);
      if (made && *made == token.attempt.to_text()) {
        co_await catalog.make_durable(token.version);
        co_return committed(token, token.version);
      }
      if (made) co_return lost(token);
      // Another writer has made this very version under another name, and the body may still land beside it.
      if (newest.version == token.version) co_return resolution(resolution::kind::unknown);
      // Cleaned away. A snapshot of it would still be there unless it has expired since.
      const bool may_have_been_there =
          has_all_snapshots(*newest.metadata, token) ||
          context->storage()->now_ms() - token.first_signed_ms > youngest_expired_snapshot_ms;
      co_return may_have_been_there ? resolution(resolution::kind::unknown) : lost(token);
    }
    if (newest.version + 1 < token.version) co_return resolution(resolution::kind::unknown);
    std::vector<table_requirement> requirements;
    requirements.push_back(requirement::assert_table_uuid{token.table});
    const std::int64_t timestamp_ms = std::max(context->storage()->now_ms(), newest.metadata->last_updated_ms + 1);
    std::vector<table_update> nothing;
    catalog::recorder forget = [](const commit_attempt &) {};
    co_await catalog.commit(std::move(newest), std::move(requirements), std::move(nothing), timestamp_ms,
                            std::move(forget));
    co_await throw_if_cancelled();
  }
  co_return resolution(resolution::kind::unknown);
}

}  // namespace evodb
