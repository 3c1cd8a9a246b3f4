#include "catalog/filesystem/filesystem_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <functional>
#include <utility>

#include "catalog/filesystem/attempt_text.h"
#include "catalog/filesystem/hint_writer.h"
#include "catalog/filesystem/metadata_files.h"
#include "catalog/filesystem/moved_table.h"
#include "catalog/filesystem/slot.h"
#include "catalog/filesystem/version_discovery.h"
#include "codec/table_metadata_json.h"
#include "io/probe/exclusive_creation.h"
#include "io/read_time.h"
#include "runtime/cancellation.h"
#include "runtime/deadline.h"
#include "runtime/run_on.h"
#include "runtime/trace.h"

namespace evodb {
namespace {

constexpr const char *previous_versions_property = "write.metadata.previous-versions-max";
constexpr std::size_t default_previous_versions = 100;
constexpr const char *compression_property = "write.metadata.compression-codec";
/// How often a body is signed before its sender gives up.
constexpr int most_signatures = 3;
constexpr int most_rounds_of_resolving = 10;
/// How long a caller that was asked to stop still waits for the store's answer.
constexpr std::chrono::seconds longest_wait_for_an_answer{5};
/// A body that is older is not sent any more. What it refers to may be two days older still, and orphans are removed after
/// three. No copy of it can land by then, whatever the clocks say (docs/commit.md, rule 4).
constexpr std::int64_t body_life_ms = std::int64_t{12} * 3600 * 1000;
/// It is not signed again from then on, so that its last signature is dead when its life is over.
constexpr std::int64_t last_signature_ms = body_life_ms - std::int64_t{30} * 60 * 1000;

std::size_t previous_versions_max(const table_metadata &metadata) {
  const std::string *text = metadata.property(previous_versions_property);
  if (text == nullptr || text->empty() || text->size() > 9 || !std::all_of(text->begin(), text->end(), ::isdigit)) {
    return default_previous_versions;
  }
  return std::max<std::size_t>(1, std::stoul(*text));
}

void log_previous_version(table_metadata &metadata, const table_version &base) {
  if (base.version == 0) return;
  metadata.metadata_log.push_back({base.metadata->last_updated_ms, base.metadata_location});
  const std::size_t most = previous_versions_max(metadata);
  if (metadata.metadata_log.size() > most) {
    metadata.metadata_log.erase(metadata.metadata_log.begin(),
                                metadata.metadata_log.end() - static_cast<std::ptrdiff_t>(most));
  }
}

/// A writer that goes by the property gives the next version another name than this library does, so that neither of two
/// commits sees that the other one has won.
void check_compression(const table_metadata &next) {
  const std::string *codec = next.property(compression_property);
  if (codec == nullptr || boost::algorithm::iequals(*codec, "none")) return;
  fail(status::UNSUPPORTED,
       fmt::format("{} is set, so that other engines name the table's next metadata file otherwise than this library "
                   "does: two commits could both win, and one of them would be lost; unset it in a commit of its own "
                   "while nothing else writes",
                   compression_property),
       next.location);
}

class filesystem_catalog : public catalog {
 public:
  filesystem_catalog(std::shared_ptr<const storage> where, location table)
      : storage_(std::move(where)),
        table_(std::move(table)),
        discovery_(storage_, table_),
        hint_(std::make_shared<hint_writer>(storage_, table_)),
        slot_(storage_, table_) {}

  task<table_version> find() override {
    const read_time before(*storage_);
    std::optional<table_version> found = co_await discovery_.newest();
    if (found) co_return std::move(*found);
    table_version none;
    confirm(none, before.ms());
    co_return none;
  }

  task<table_version> refresh(table_version known) override {
    std::optional<table_version> found = co_await discovery_.newest_from(std::move(known));
    if (!found) fail(status::NOT_FOUND, "the table is no longer here", table_.to_text());
    co_return std::move(*found);
  }

  task<std::optional<table_version>> successor(table_version known) override {
    co_return co_await discovery_.successor(std::move(known));
  }

  bool is_same(const table_version &one, const table_version &other) const noexcept override {
    return one.version == other.version && evidence_of(one).fingerprint == evidence_of(other).fingerprint;
  }

  void check_committable(const table_version &base) const override {
    if (base.version == 0) return;
    const location file = location::parse(base.metadata_location);
    if (file.key != metadata_file_location(table_, base.version).key) {
      fail(status::UNSUPPORTED,
           "the table's metadata files are compressed or named otherwise: with two names for one version two commits "
           "could both win; have the engine that writes them commit once with write.metadata.compression-codec=none",
           base.metadata_location);
    }
    if (std::optional<error> why = why_moved(table_, *base.metadata)) throw *std::move(why);
  }

  task<commit_answer> commit(table_version base, std::vector<table_requirement> requirements,
                             std::vector<table_update> updates, version_facts facts, recorder record) override {
    check_committable(base);
    for (const table_requirement &required : requirements) {
      check(base.version == 0 ? nullptr : base.metadata.get(), required);
    }
    location folder = table_.child("metadata");
    co_await require_exclusive_creation(*storage_, std::move(folder));
    slot_body attempt;
    attempt.version = base.version + 1;
    attempt.attempt_id = storage_->runtime()->random_uuid().to_text();
    attempt.has_rivals = facts.waited > 0;
    auto write = [&] {
      table_metadata next = *base.metadata;
      for (const table_update &update : updates) apply(next, update, facts.timestamp_ms);
      log_previous_version(next, base);
      next.last_updated_ms = facts.timestamp_ms;
      next.commit_attempt = attempt.attempt_id;
      next.commit_waited = facts.waited;
      check_compression(next);
      check_table_metadata(next);
      attempt.body = std::make_shared<const bytes>(write_table_metadata(next));
      attempt.metadata = std::make_shared<const table_metadata>(std::move(next));
    };
    co_await run_on(storage_->runtime()->cpu(), write);
    // Nothing that it refers to may be older (docs/commit.md, rule 5).
    attempt.signed_at_ms = attempt.first_signed_ms = std::min(evidence_of(base).confirmed_at_ms, facts.begun_ms);
    if (is_too_old(attempt, storage_->now_ms())) {
      commit_answer answer;
      answer.what = commit_answer::kind::lost;
      answer.now = std::move(base);
      co_return answer;
    }
    co_await is_cancelled();  // a caller that is asked to stop by now has sent nothing
    record(as_attempt(attempt));
    co_return co_await find_fate(std::move(base), std::move(attempt), &slot::fill);
  }

  task<commit_answer> settle(table_version known, commit_attempt attempt) override {
    slot_body sent = *static_cast<const slot_body *>(attempt.evidence.get());
    co_return co_await find_fate(std::move(known), std::move(sent), &slot::look);
  }

  task<attempt_fate> resolve(std::string text, uuid table, predicate shows) override {
    const attempt_text attempt = attempt_text::parse(text);
    for (int round = 0; round < most_rounds_of_resolving; ++round) {
      attempt_fate fate;
      fate.first_sent_ms = attempt.first_signed_ms;
      fate.now = co_await load();
      const std::int64_t newest = fate.now.version;
      if (fate.now.metadata->table_uuid != table) {
        fail(status::CONFLICT,
             fmt::format("the token is of another table: of uuid {}, and here is {}", table.to_text(),
                         fate.now.metadata->table_uuid.to_text()),
             table_.to_text());
      }
      const bool is_shown = shows(*fate.now.metadata);
      if (is_shown || newest >= attempt.version) {
        if (is_shown) co_await storage_->store().make_durable(metadata_file_location(table_, newest).key);
        const std::optional<std::string> filler = co_await slot_.filled_by(attempt.version);
        const bool is_ours = filler && *filler == attempt.id;
        if (is_ours) fate.version = attempt.version;
        if (is_shown) {
          fate.what = attempt_fate::kind::shown;
        } else if (is_ours) {
          co_await storage_->store().make_durable(metadata_file_location(table_, attempt.version).key);
          fate.what = attempt_fate::kind::committed;
        } else if (filler) {
          fate.what = attempt_fate::kind::lost;
        } else if (newest > attempt.version) {
          fate.what = attempt_fate::kind::cleaned_away;
        }  // otherwise another writer has made this very version under another name, and it may still land beside it
        co_return fate;
      }
      if (newest + 1 < attempt.version) co_return fate;
      std::vector<table_requirement> requirements;
      requirements.push_back(requirement::assert_table_uuid{table});
      const std::int64_t now_ms = storage_->now_ms();
      version_facts facts;
      facts.timestamp_ms = std::max(now_ms, fate.now.metadata->last_updated_ms + 1);
      facts.begun_ms = now_ms;
      std::vector<table_update> nothing;
      recorder forget = [](const commit_attempt &) {};
      co_await commit(std::move(fate.now), std::move(requirements), std::move(nothing), facts, std::move(forget));
      co_await throw_if_cancelled();
    }
    co_return attempt_fate();
  }

  /// Moves the hint, as a writer that has won does.
  task<> show_waiting(table_version newest) override {
    hint_writer::target seen(newest.metadata->table_uuid, newest.version);
    co_await hint_->move_to(std::move(seen));
  }

  /// The hint is another process's though it names a version that this one has made.
  bool take_sign_of_others() override {
    const std::int64_t named = hint_->take_moved_by_others();
    return named != 0 && named >= own_since_;
  }

  task<> make_durable(table_version seen) override {
    co_await storage_->store().make_durable(metadata_file_location(table_, seen.version).key);
  }

 private:
  task<table_version> load() {
    table_version found = co_await find();
    if (found.version == 0) fail(status::NOT_FOUND, "no table here", table_.to_text());
    co_return found;
  }

  static commit_attempt as_attempt(const slot_body &sent) {
    commit_attempt attempt;
    attempt.id = sent.attempt_id;
    attempt.text = attempt_text{sent.version, sent.attempt_id, sent.first_signed_ms}.to_text();
    attempt.first_sent_ms = sent.first_signed_ms;
    attempt.evidence = std::make_shared<const slot_body>(sent);
    return attempt;
  }

  static bool is_too_old(const slot_body &attempt, std::int64_t at_ms) {
    return at_ms - attempt.first_signed_ms > body_life_ms;
  }

  using beginning = task<slot::outcome> (slot::*)(slot_body);

  /// From the first byte on, being asked to stop must not hide what the store answers, as long as it does so soon
  /// (docs/commit.md, rule 8).
  task<commit_answer> find_fate(table_version known, slot_body attempt, beginning begin) {
    commit_answer answer;
    answer.reason =
        error(status::COMMIT_STATE_UNKNOWN, "asked to stop before the store's answer showed what became of the commit",
              metadata_file_location(table_, attempt.version).to_text());
    std::function<task<>()> body = [&]() -> task<> {
      slot::outcome found = co_await (slot_.*begin)(attempt);
      answer = co_await find_answer(known, attempt, std::move(found));
    };
    co_await finish_after_cancellation(*storage_->runtime(), longest_wait_for_an_answer, std::move(body));
    const executor here = co_await boost::asio::this_coro::executor;
    tell(here, answer);
    if (answer.what == commit_answer::kind::committed) {
      hint_writer::target landed(answer.now.metadata->table_uuid, answer.now.version);
      std::optional<error> unmoved_because = co_await hint_->move_to(std::move(landed));
      if (unmoved_because) answer.warnings.push_back(*std::move(unmoved_because));
    }
    co_return answer;
  }

  void tell(const executor &here, const commit_answer &answer) {
    using kind = commit_answer::kind;
    const auto tell_that = [&](log_level level, std::string_view what) {
      log_record record(*storage_->runtime(), here, level, what);
      record.set("evodb.table.location", table_.to_text());
      if (answer.what != kind::unknown) record.set("evodb.table.version", answer.now.version);
      if (answer.reason) record.set("exception.message", answer.reason->message());
    };
    switch (answer.what) {
      case kind::committed:
        return tell_that(log_level::info, "committed");
      case kind::lost:
        return tell_that(log_level::info, "another version came before a commit");
      case kind::cleaned_away:
        return tell_that(log_level::warning, "a commit's version was cleaned away before its answer was known");
      case kind::unknown:
        return tell_that(log_level::warning, "whether a commit has landed is not known");
    }
  }

  task<commit_answer> find_answer(table_version known, slot_body attempt, slot::outcome found) {
    commit_answer answer;
    for (int signatures = 1; signatures <= most_signatures; ++signatures) {
      switch (found.what) {
        case slot::fate::ours:
          answer.what = commit_answer::kind::committed;
          if (!known.metadata || known.metadata->commit_attempt != last_made_) own_since_ = attempt.version;
          last_made_ = attempt.attempt_id;
          answer.now.version = attempt.version;
          answer.now.metadata_location = metadata_file_location(table_, attempt.version).to_text();
          answer.now.metadata = attempt.metadata;
          answer.now.metadata_bytes = static_cast<std::int64_t>(attempt.body->size());
          answer.now.evidence = std::make_shared<const version_evidence>(
              version_evidence{fingerprint_of(*attempt.body), attempt.first_signed_ms});
          co_return answer;
        case slot::fate::taken:
          answer.what = commit_answer::kind::lost;
          answer.now = std::move(found.taken_by);
          confirm(answer.now, evidence_of(known).confirmed_at_ms);
          co_return answer;
        case slot::fate::unknown:
          answer.reason = std::move(found.reason);
          co_return answer;
        case slot::fate::empty:
          break;
      }
      const bool is_to_be_sent_again = co_await sign_anew(known, attempt, answer);
      if (!is_to_be_sent_again) co_return answer;
      found = co_await slot_.send_again(attempt);
    }
    answer.reason = error(status::COMMIT_STATE_UNKNOWN, "the slot stayed empty under several signatures",
                          metadata_file_location(table_, attempt.version).to_text());
    co_return answer;
  }

  /// Over an empty slot: only if the body's base is still the newest version may the same bytes be sent again, signed
  /// with the time of this confirmation (docs/commit.md, rule 7); too old ones are lost then. False when they are not to
  /// be sent again, with the answer.
  task<bool> sign_anew(const table_version &known, slot_body &attempt, commit_answer &answer) {
    const read_time before(*storage_);
    std::optional<table_version> newest;
    std::string problem;
    try {
      if (known.version == 0) {
        newest = co_await discovery_.newest();
      } else {
        table_version from = known;
        newest = co_await discovery_.newest_from(std::move(from));
      }
      if (newest && newest->version >= attempt.version) {
        const std::optional<std::string> filler = co_await slot_.filled_by(attempt.version);
        if (filler) co_return true;  // the slot is read again, and tells
        if (newest->version == attempt.version) problem = "another writer has made this version under another name";
      }
    } catch (const error &unreadable) {
      problem = unreadable.message();
    }
    if (!problem.empty()) {
      answer.reason = error(status::COMMIT_STATE_UNKNOWN, std::move(problem), table_.to_text());
      co_return false;
    }
    const bool is_still_the_base =
        newest ? newest->version == attempt.version - 1 && newest->metadata->table_uuid == attempt.metadata->table_uuid
               : attempt.version == 1;
    // How old it was before the reads: a copy that was alive by then may have landed since they were answered.
    const std::int64_t at_ms = before.ms();
    if (is_still_the_base && is_too_old(attempt, at_ms)) {
      answer.what = commit_answer::kind::lost;
      if (newest) answer.now = std::move(*newest);
      co_return false;
    }
    if (is_still_the_base && at_ms - attempt.first_signed_ms > last_signature_ms) {
      answer.reason =
          error(status::COMMIT_STATE_UNKNOWN, "it is too late to sign the commit anew, but it may still land",
                metadata_file_location(table_, attempt.version).to_text());
      co_return false;
    }
    if (is_still_the_base) {
      attempt.signed_at_ms = at_ms;
      co_return true;
    }
    if (newest) {
      answer.what = commit_answer::kind::cleaned_away;
      answer.now = std::move(*newest);
    } else {
      answer.reason = error(status::COMMIT_STATE_UNKNOWN, "the table is no longer here", table_.to_text());
    }
    co_return false;
  }

  std::shared_ptr<const storage> storage_;
  location table_;
  version_discovery discovery_;
  std::shared_ptr<hint_writer> hint_;
  slot slot_;
  std::string last_made_;       ///< the attempt
  std::int64_t own_since_ = 0;  ///< the first of the versions that this process has made without another between them
};

}  // namespace

std::shared_ptr<catalog> make_filesystem_catalog(std::shared_ptr<const storage> where, location table) {
  return std::make_shared<filesystem_catalog>(std::move(where), std::move(table));
}

}  // namespace evodb
