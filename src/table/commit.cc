#include "table/commit.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "runtime/cancellation.h"
#include "table/append.h"
#include "table/apply_change.h"

namespace evodb {
namespace {

constexpr std::chrono::milliseconds first_pause{5};
constexpr int longest_pause_doublings = 7;

/// The token says which body it was, so that its fate can be found out later and elsewhere.
[[noreturn]] void throw_unknown(error reason, const commit_attempt &sent) {
  reason.commit_token = fmt::format("1.{}.{}.{}", sent.version, sent.attempt_id, sent.first_sent_ms);
  throw reason;
}

/// One commit of one value, under the table's commit line.
class committing {
 public:
  explicit committing(table value)
      : value_(std::move(value)),
        context_(value_.context()),
        environment_(context_->environment()),
        pending_(value_.uncommitted()) {}

  task<table> run() {
    co_await settle_unresolved();
    for (int losses = 0;; ++losses) {
      drop_committed();
      table_version base = co_await find_base();
      drop_those_in(*base.metadata);
      if (pending_.empty()) co_return table(context_, std::move(base));
      commit_answer answer = co_await attempt(base);
      switch (answer.what) {
        case commit_answer::kind::committed:
          for (const auto &change : pending_) change->set_committed();
          context_->saw(answer.now);
          co_return table(context_, std::move(answer.now));
        case commit_answer::kind::unknown:
          throw_unknown(std::move(*answer.reason), *pending_.front()->unresolved());
        case commit_answer::kind::lost:
          break;
      }
      for (const auto &change : pending_) change->set_unresolved(std::nullopt);
      co_await remove_lost_lists();
      co_await heed_cancellation();
      if (is_creating()) {
        fail(status::ALREADY_EXISTS,
             fmt::format("there is already a table here, with uuid {}", answer.now.metadata->table_uuid.to_text()),
             context_->location().to_text());
      }
      context_->saw(answer.now);
      const auto longest = std::chrono::nanoseconds(first_pause) * (1 << std::min(losses, longest_pause_doublings));
      const auto pause = std::chrono::nanoseconds(
          static_cast<std::int64_t>(environment_.random_u64() % static_cast<std::uint64_t>(longest.count())));
      co_await environment_.sleep(pause);
    }
  }

 private:
  bool is_creating() const {
    return !pending_.empty() && std::holds_alternative<table_change::create>(pending_.front()->body());
  }

  void drop_committed() {
    std::erase_if(pending_, [](const auto &change) { return change->is_committed(); });
  }

  /// A snapshot that the base holds was committed, whatever was answered.
  void drop_those_in(const table_metadata &base) {
    for (const auto &change : pending_) {
      if (change->snapshot_id() && base.find_snapshot(*change->snapshot_id())) change->set_committed();
    }
    drop_committed();
  }

  /// Before anything new is sent, what became of the bodies that were sent before must be known.
  task<> settle_unresolved() {
    for (const auto &change : pending_) {
      std::optional<commit_attempt> attempt = change->unresolved();
      if (!attempt) continue;
      const std::string attempt_id = attempt->attempt_id;
      table_version base = value_.base();
      commit_answer answer = co_await context_->catalog().settle(std::move(base), std::move(*attempt));
      if (answer.what == commit_answer::kind::unknown) throw_unknown(std::move(*answer.reason), *change->unresolved());
      for (const auto &member : value_.uncommitted()) {
        const std::optional<commit_attempt> its = member->unresolved();
        if (!its || its->attempt_id != attempt_id) continue;
        if (answer.what == commit_answer::kind::committed) {
          member->set_committed();
        } else {
          member->set_unresolved(std::nullopt);
        }
      }
      context_->saw(answer.now);
      co_await heed_cancellation();
    }
  }

  task<table_version> find_base() {
    if (is_creating()) {
      table_version nothing = value_.base();
      nothing.metadata = std::get<table_change::create>(pending_.front()->body()).initial;
      nothing.confirmed_at_ms = environment_.now_ms();
      co_return nothing;
    }
    table_version known = value_.base();
    co_return co_await context_->newest(value_.metadata()->table_uuid, std::move(known));
  }

  /// Builds the updates on this base, writing what they refer to, and sends them.
  task<commit_answer> attempt(const table_version &base) {
    lists_of_attempt_.clear();
    table_metadata working = *base.metadata;
    std::vector<table_update> updates;
    std::shared_ptr<const snapshot> parent = working.current_snapshot();
    std::shared_ptr<const manifest_files> manifests;
    std::int64_t timestamp_ms = std::max(environment_.now_ms(), working.last_updated_ms + 1);
    bool has_snapshot = false;
    for (const auto &change : pending_) {
      std::optional<snapshot> made;
      if (const auto *append = std::get_if<table_change::append>(&change->body())) {
        check_files_fit(*append->files, working);
        co_await write_manifests(*context_, change, base.metadata);
        if (has_snapshot) ++timestamp_ms;
        has_snapshot = true;
        made = appended_snapshot(*change, working, timestamp_ms);
        if (!manifests || parent != working.current_snapshot()) {
          parent = working.current_snapshot();
          manifests = co_await context_->manifests_of(parent, working.format_version);
        }
        manifests = co_await write_manifest_list(*context_, change, manifests, *made, working.format_version);
        lists_of_attempt_.push_back(made->manifest_list);
      }
      for (table_update &update : updates_of(*change, working, made ? &*made : nullptr)) {
        apply(working, update, timestamp_ms);
        updates.push_back(std::move(update));
      }
      if (made) parent = working.current_snapshot();
    }
    keep_last_main_move(updates);
    std::vector<table_requirement> requirements = requirements_of(pending_, *base.metadata, is_creating());
    catalog::recorder record = [this](const commit_attempt &sent) {
      for (const auto &change : pending_) change->set_unresolved(sent);
    };
    commit_answer answer;
    std::exception_ptr refused;
    try {
      answer = co_await context_->catalog().commit(base, std::move(requirements), std::move(updates), timestamp_ms,
                                                   std::move(record));
    } catch (const error &) {
      refused = std::current_exception();
    }
    if (refused) {
      // Definite: this body was never written and never will be.
      for (const auto &change : pending_) change->set_unresolved(std::nullopt);
      co_await remove_lost_lists();
      std::rethrow_exception(refused);
    }
    if (answer.what == commit_answer::kind::committed && manifests) {
      context_->keep_manifests(lists_of_attempt_.back(), manifests);
    }
    co_return answer;
  }

  /// Only what belongs to the lost body: the change's manifests are shared by the next one.
  task<> remove_lost_lists() {
    std::vector<std::string> keys;
    for (const std::string &list : lists_of_attempt_) keys.push_back(context_->where()->key_of(list));
    lists_of_attempt_.clear();
    try {
      if (!keys.empty()) co_await context_->where()->store().remove(std::move(keys));
    } catch (const error &) {
      // Orphans are found later; the commit goes on.
    }
  }

  table value_;
  std::shared_ptr<table_context> context_;
  runtime &environment_;
  changes pending_;
  std::vector<std::string> lists_of_attempt_;
};

}  // namespace

task<table> commit(table value) {
  const std::shared_ptr<table_context> context = value.context();
  const async_mutex::guard in_line = co_await context->commit_line().lock();
  committing one(std::move(value));
  co_return co_await one.run();
}

}  // namespace evodb
