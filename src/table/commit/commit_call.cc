#include "table/commit/commit_call.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "table/commit_token.h"
#include "table/operations/set_properties.h"

namespace evodb {
namespace {

error reason_of(std::exception_ptr failure) {
  try {
    std::rethrow_exception(std::move(failure));
  } catch (const error &thrown) {
    return thrown;
  } catch (const std::exception &thrown) {
    return error(status::COMMIT_STATE_UNKNOWN, thrown.what());
  }
}

constexpr std::size_t most_snapshots_in_a_token = 1000;

}  // namespace

std::vector<bool> commit_call::which_are_committed(const changes &of) {
  std::vector<bool> are;
  for (const auto &change : of) are.push_back(change->is_committed());
  return are;
}

/// The token is of this body alone: of the changes that it held, and the call's key where it records that.
error commit_call::unknown(const table &of, const change::sent_body &sent, const error &reason) const {
  commit_token token;
  token.table = of.metadata()->table_uuid;
  token.attempt = sent.attempt.text;
  const changes &all = of.uncommitted();
  bool has_all = true, has_all_news = true;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto body = all[i]->unresolved();
    const bool is_in_it = body && body->attempt.id == sent.attempt.id;
    const std::optional<std::int64_t> id = all[i]->snapshot_id();
    if (is_in_it && key && body->key == key) token.key = key;
    if (is_in_it && id) token.snapshot_ids.push_back(*id);
    if (is_in_it && !id) token.shown_by = commit_token::proof::body;
    if (is_in_it) continue;
    if (!all[i]->is_committed()) has_all = false;
    if (i >= was_committed.size() || !was_committed[i]) has_all_news = false;
  }
  if (!has_all_news) token.shown_by = commit_token::proof::rest;
  if (!has_all) token.shown_by = commit_token::proof::none;
  if (token.snapshot_ids.size() > most_snapshots_in_a_token) {
    token.snapshot_ids.erase(token.snapshot_ids.begin(), token.snapshot_ids.end() - most_snapshots_in_a_token);
    if (token.shown_by == commit_token::proof::snapshots) token.shown_by = commit_token::proof::body;
  }
  error said(status::COMMIT_STATE_UNKNOWN, "the commit may or may not have landed: " + reason.message(),
             reason.subject());
  said.store = reason.store;
  said.commit_token = token.to_text();
  return said;
}

table commit_call::value_now() const {
  const std::lock_guard<std::mutex> held(changing_value_);
  return value;
}

bool commit_call::is_unresolved() const {
  const table of = value_now();
  const changes &all = of.uncommitted();
  return std::any_of(all.begin(), all.end(), [](const auto &change) { return change->unresolved().has_value(); });
}

std::exception_ptr commit_call::error_for_caller(std::exception_ptr failed) const {
  const table of = value_now();
  const changes &all = of.uncommitted();
  const error reason = reason_of(failed);
  for (const auto &change : all) {
    if (const auto sent = change->unresolved()) return std::make_exception_ptr(unknown(of, *sent, reason));
  }
  const auto there = std::count_if(all.begin(), all.end(), [](const auto &change) { return change->is_committed(); });
  if (there == 0) return failed;
  error said(
      reason.code(),
      fmt::format("{} ({} of the value's {} changes had been committed before)", reason.message(), there, all.size()),
      reason.subject());
  said.store = reason.store;
  return std::make_exception_ptr(std::move(said));
}

bool commit_call::has_become_known() const {
  const auto *failure = std::get_if<std::exception_ptr>(&outcome);
  return failure && reason_of(*failure).code() == status::COMMIT_STATE_UNKNOWN && !is_unresolved();
}

bool commit_call::has_landed() const {
  const changes &all = value.uncommitted();
  return std::all_of(all.begin(), all.end(), [](const auto &change) { return change->is_committed(); });
}

void commit_call::carry_key() {
  const std::lock_guard<std::mutex> held(changing_value_);
  value = set_properties(value, {}, {});
  pending.push_back(value.uncommitted().back());
}

}  // namespace evodb
