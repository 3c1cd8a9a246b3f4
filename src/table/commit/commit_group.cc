#include "table/commit/commit_group.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "runtime/cancellation.h"
#include "runtime/deadline.h"
#include "runtime/when_all.h"
#include "table/commit/base_search.h"
#include "table/commit/commit_call.h"
#include "table/snapshots/expiry.h"

namespace evodb {
namespace {

bool is_of(const std::optional<change::sent_body> &unresolved, const std::string &attempt_id) {
  return unresolved && unresolved->attempt.id == attempt_id;
}

}  // namespace

commit_group::commit_group(std::shared_ptr<table_context> context, commit_queue::member leader,
                           std::vector<commit_queue::member> members)
    : context_(std::move(context)),
      environment_(context_->runtime()),
      leader_(std::move(leader)),
      members_(std::move(members)) {
  for (const auto &member : members_) member->drop_committed();
}

/// Where the leader is asked to stop, the others are left as they are, and come to the head of the line themselves.
task<> commit_group::run() {
  std::exception_ptr failed;
  try {
    co_await settle_unresolved();
    context_->turns().begin(environment_.steady_now());
    std::optional<table_version> winner;
    while (!members_.empty()) {
      possible_base found = co_await find_base_in_turn(*context_, members_, std::exchange(winner, std::nullopt));
      table_version base = std::move(found.version);
      std::optional<commit_draft> draft;
      if (!found.is_confirmed) draft = co_await build_while_asking(base);
      if (!draft) {
        co_await finish_already_committed(base);
        draft = co_await build(base);
      }
      if (!draft) break;
      const std::optional<commit_answer> sent = co_await send(*draft, base);
      if (!sent) continue;
      const commit_answer &answer = *sent;
      if (answer.what == commit_answer::kind::committed) break;
      if (answer.what == commit_answer::kind::lost) discard(*draft);
      const bool goes_on = co_await rebase_after_loss(answer);
      if (!goes_on) break;
      winner = answer.now;
      merge_->begin_no_more();
    }
  } catch (...) {
    failed = as_seen_by_callers(std::current_exception());
  }
  discard_unused_merge();
  co_await disregard_cancellation();
  const bool is_leader_cancelled = co_await is_cancelled();
  std::function<task<>()> remove = [this] { return remove_discarded(); };
  co_await tidy_up(environment_, std::move(remove));
  if (!failed) co_return;
  if (is_leader_cancelled && !leader_->is_done()) leader_->outcome = failed;
  if (is_leader_cancelled) co_return;
  for (const auto &member : members_) member->outcome = failed;
  leave_done();
}

/// Before anything new is sent, what became of the bodies that were sent before must be known
/// (docs/commit.md, rule 10).
task<> commit_group::settle_unresolved() {
  for (std::size_t i = 0; i < members_.size();) {
    const commit_queue::member member = members_[i];
    const auto found = std::find_if(member->pending.begin(), member->pending.end(),
                                    [](const auto &change) { return change->unresolved().has_value(); });
    if (found == member->pending.end()) {
      ++i;
      continue;
    }
    commit_attempt attempt = (*found)->unresolved()->attempt;
    const std::string attempt_id = attempt.id;
    table_version known = member->value.base();
    const commit_answer answer = co_await context_->catalog().settle(std::move(known), std::move(attempt));
    const bool is_leader_cancelled = co_await is_cancelled();
    if (answer.what == commit_answer::kind::committed || answer.what == commit_answer::kind::lost)
      context_->observe(answer.now);  // before others know what has landed
    apply_answer(answer, attempt_id, is_leader_cancelled);
    if (answer.what == commit_answer::kind::committed) finish_settled(answer);
    i = 0;  // members that are done have left
    co_await throw_if_cancelled();
  }
}

/// Marks every change that was in the body.
void commit_group::apply_answer(const commit_answer &answer, const std::string &attempt_id, bool is_leader_cancelled) {
  if (answer.what == commit_answer::kind::unknown) {
    if (!is_leader_cancelled) return finish_unknown(attempt_id, *answer.reason);
    const error unsent(status::CANCELLED, "cancelled");
    if (!leader_->is_done())
      leader_->outcome = std::make_exception_ptr(leader_->is_unresolved() ? *answer.reason : unsent);
    return leave_done();
  }
  const std::int64_t now_ms = context_->storage()->now_ms();
  bool is_undecided = false;
  for (const auto &member : members_) {
    for (const auto &change : member->value.uncommitted()) {
      const std::optional<change::sent_body> sent = change->unresolved();
      if (!is_of(sent, attempt_id)) continue;
      bool is_known = true;
      bool is_committed = answer.what == commit_answer::kind::committed;
      if (answer.what == commit_answer::kind::cleaned_away) {
        is_committed = change->operation().is_in(*answer.now.metadata) ||
                       (sent->key && is_recorded(*sent->key, *answer.now.metadata));
        // A snapshot that was committed would still be there unless it has expired since (docs/commit.md, rule 7).
        is_known = is_committed ||
                   (change->snapshot_id() && now_ms - sent->attempt.first_sent_ms < youngest_expired_snapshot_ms);
      }
      if (answer.what == commit_answer::kind::committed && member->key && sent->key == member->key)
        member->is_key_recorded = true;
      if (is_committed) {
        change->set_committed();
      } else if (is_known) {
        change->set_unresolved(std::nullopt);
      } else {
        is_undecided = true;
      }
    }
    member->drop_committed();
  }
  if (is_undecided) {
    const error reason(status::COMMIT_STATE_UNKNOWN,
                       "the version that this commit may have become was cleaned away, and nothing else tells",
                       context_->location().to_text());
    finish_unknown(attempt_id, reason);
  }
  if (answer.what != commit_answer::kind::committed) release_members();
}

/// What was just found to be committed needs no base: nothing that fails from here on may hide that.
void commit_group::finish_settled(const commit_answer &landed) {
  const table_version &now = landed.now;
  for (const auto &member : members_) {
    const bool is_key_due = member->key && !member->is_key_recorded && !is_recorded(*member->key, *now.metadata);
    if (!member->pending.empty() || is_key_due) continue;
    member->outcome.emplace<table>(context_, now, commit_report(true, 0, landed.warnings));
  }
  leave_done();
  release_members();
}

/// Writes the files of a draft on `base`, probably the newest version, while the store is asked for that one. Null where
/// it is another, or where a member has nothing for it or does not fit, which is reported on a confirmed base alone.
task<std::optional<commit_draft>> commit_group::build_while_asking(table_version &base) {
  const table_version likely = base;
  bool fits = have_news(members_, *likely.metadata);
  std::optional<commit_draft> draft(std::in_place, context_, likely, merge_);
  try {
    for (const auto &member : members_) {
      auto added = member;
      fits = fits && !draft->has_key_of(*member);
      if (fits) co_await draft->add(std::move(added));
    }
    draft->finish();
  } catch (const error &) {
    fits = false;
  }
  if (!fits) {
    base = co_await find_base(*context_, members_);
    co_return std::nullopt;
  }
  std::function<task<>(std::size_t)> write_or_ask = [&](std::size_t i) -> task<> {
    if (i == 0) {
      co_await write_files(*draft);
    } else {
      base = co_await find_base(*context_, members_);
    }
  };
  try {
    co_await for_each_concurrently(2, 2, std::move(write_or_ask));
  } catch (...) {
    discard(*draft);
    throw;
  }
  const bool is_as_thought = context_->catalog().is_same(base, likely) && draft->is_dated_well();
  if (is_as_thought) co_return draft;
  discard(*draft);
  co_return std::nullopt;
}

/// What the draft before has left is removed in the meantime.
task<> commit_group::write_files(commit_draft &draft) {
  std::function<task<>(std::size_t)> write_or_remove = [&](std::size_t i) -> task<> {
    if (i == 0) {
      co_await draft.write_files();
    } else {
      co_await remove_discarded();
    }
  };
  co_await for_each_concurrently(2, 2, std::move(write_or_remove));
}

/// Members of which nothing is left to do (docs/commit.md, rule 3); and a create that there is no room for.
task<> commit_group::finish_already_committed(table_version base) {
  if (base.version == 0) co_return;
  bool is_durable = false;
  for (const auto &member : members_) {
    try {
      const bool has_key = member->key && is_committed(*member->key, *base.metadata);
      const bool has_all = std::all_of(member->pending.begin(), member->pending.end(),
                                       [&](const auto &change) { return change->operation().is_in(*base.metadata); });
      const bool is_there = member->key ? has_key : has_all;
      if (is_there && !is_durable) {
        table_version seen = base;
        co_await context_->catalog().make_durable(std::move(seen));
      }
      is_durable |= is_there;
      for (const auto &change : member->pending) {
        if (is_there || change->operation().is_in(*base.metadata)) change->set_committed();
      }
      member->drop_committed();
      if (is_there) {
        const bool is_by_this_call = member->was_sent && has_all;
        member->outcome.emplace<table>(context_, base, commit_report(!is_by_this_call, 0));
      } else if (member->is_creating()) {
        fail(status::ALREADY_EXISTS,
             fmt::format("there is already a table here, with uuid {}", base.metadata->table_uuid.to_text()),
             context_->location().to_text());
      } else if (member->pending.empty()) {
        member->carry_key();
      }
    } catch (const error &failed) {
      if (failed.code() == status::CANCELLED) throw;
      member->outcome = std::current_exception();
    }
  }
  leave_done();
}

/// A draft with its files written; null when no member is left. A member that does not fit fails, and the rest is built
/// anew without it.
task<std::optional<commit_draft>> commit_group::build(table_version base) {
  while (!members_.empty()) {
    commit_draft draft(context_, base, merge_);
    commit_queue::member failed;
    std::vector<commit_queue::member> later;
    for (const auto &member : members_) {
      if (draft.has_key_of(*member)) {
        later.push_back(member);
        continue;
      }
      auto added = member;
      try {
        co_await draft.add(std::move(added));
      } catch (...) {
        const std::exception_ptr why = as_seen_by_callers(std::current_exception());
        if (error_of(why).code() == status::CANCELLED) throw;  // the leader is, and not this member
        member->outcome = why;
        failed = member;
        break;
      }
    }
    if (!failed) {
      std::erase_if(members_, [&](const auto &m) { return std::find(later.begin(), later.end(), m) != later.end(); });
      draft.finish();
      try {
        co_await write_files(draft);
      } catch (...) {
        discard(draft);
        throw;
      }
      if (draft.is_dated_well()) co_return draft;
      discard(draft);
      continue;
    }
    leave_done();
  }
  co_return std::nullopt;
}

/// Null, with nothing sent, when one of the members has been withdrawn, who leaves the group.
task<std::optional<commit_answer>> commit_group::send(commit_draft &draft, const table_version &base) {
  std::vector<table_update> updates = draft.updates();
  std::vector<table_requirement> requirements = draft.requirements();
  std::string attempt_id;
  const bool was_merge_in_flight = has_merge_in_flight_;  // in a body before, which this one says nothing of
  catalog::recorder record = [&](const commit_attempt &sent) {
    for (const auto &change : draft.held()) change->set_unresolved(change::sent_body{sent, draft.key_of(*change)});
    has_merge_in_flight_ |= draft.files().has_merge();
    attempt_id = sent.id;
    for (const auto &member : members_) {
      if (!member->claim()) fail(status::CANCELLED, "withdrawn by its caller");
      member->was_sent = true;
    }
  };
  commit_answer answer;
  std::exception_ptr refused;
  table_version on = base;
  version_facts facts;
  facts.timestamp_ms = draft.timestamp_ms();
  facts.begun_ms = draft.begun_ms();
  facts.waited = context_->turns().waited(base.version + 1);
  try {
    answer = co_await context_->catalog().commit(std::move(on), std::move(requirements), std::move(updates), facts,
                                                 std::move(record));
  } catch (const error &) {
    refused = std::current_exception();
  }
  if (refused) {
    // Definite: this body was never written and never will be.
    has_merge_in_flight_ = was_merge_in_flight;
    for (const auto &change : draft.held()) change->set_unresolved(std::nullopt);
    discard(draft);
    const bool is_withdrawn = release_members();
    if (!is_withdrawn) std::rethrow_exception(refused);
    co_return std::nullopt;
  }
  const bool is_leader_cancelled = co_await is_cancelled();
  const bool is_committed = answer.what == commit_answer::kind::committed;
  if (answer.what == commit_answer::kind::lost) has_merge_in_flight_ = was_merge_in_flight;
  if (is_committed) draft.files().keep_last_list();
  if (is_committed) context_->note_committed(answer.now);  // before others know what has landed
  if (is_committed && context_->catalog().take_sign_of_others()) context_->turns().expect_rival();
  apply_answer(answer, attempt_id, is_leader_cancelled);
  if (is_committed) finish_committed(answer, draft.expired_snapshots());
  co_return answer;
}

void commit_group::finish_committed(const commit_answer &landed, std::int64_t expired_snapshots) {
  for (const auto &member : members_) {
    std::vector<error> warnings = member->value.warnings();
    warnings.insert(warnings.end(), landed.warnings.begin(), landed.warnings.end());
    member->outcome.emplace<table>(context_, landed.now, commit_report(false, expired_snapshots, std::move(warnings)));
  }
  leave_done();
}

/// After a body that is lost for sure. Whether a caller has left, for whom nothing is sent any more.
bool commit_group::release_members() {
  for (const auto &member : members_) member->release();
  return std::erase_if(members_, [](const auto &member) { return member->has_left(); }) > 0;
}

/// False when no member is left.
task<bool> commit_group::rebase_after_loss(const commit_answer &answer) {
  if (members_.empty()) co_return false;
  co_await throw_if_cancelled();
  context_->observe(answer.now);
  if (answer.now.version > 0 && context_->turns().is_overlooked())
    co_await context_->catalog().show_waiting(answer.now);
  co_return true;
}

/// Of a draft that never becomes a version goes what is its own alone: the changes' manifests are shared by the next one
/// (docs/commit.md, rule 9).
void commit_group::discard(const commit_draft &draft) {
  for (const std::string &own : draft.files().own()) discarded_.push_back(context_->storage()->key_of(own));
}

/// The merged manifest goes when no body of the call refers to it that is committed, or may still be (docs/commit.md,
/// rule 9).
void commit_group::discard_unused_merge() {
  if (!has_merge_in_flight_ && !merge_->written().empty())
    discarded_.push_back(context_->storage()->key_of(merge_->written()));
}

task<> commit_group::remove_discarded() {
  std::vector<std::string> keys = std::exchange(discarded_, {});
  try {
    if (!keys.empty()) co_await context_->storage()->store().remove(std::move(keys));
  } catch (const error &) {
    // Orphans are found later; the commit goes on.
  }
}

void commit_group::finish_unknown(const std::string &attempt_id, const error &reason) {
  for (const auto &member : members_) {
    const auto &changes = member->value.uncommitted();
    const bool is_in_it =
        std::any_of(changes.begin(), changes.end(), [&](const auto &c) { return is_of(c->unresolved(), attempt_id); });
    if (is_in_it) member->outcome = std::make_exception_ptr(reason);
  }
  leave_done();
}

void commit_group::leave_done() {
  std::erase_if(members_, [](const auto &member) {
    if (member->is_done()) member->decide();
    return member->is_done();
  });
}

}  // namespace evodb
