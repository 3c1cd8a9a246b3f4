#include "catalog/filesystem/slot.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "catalog/filesystem/metadata_files.h"
#include "catalog/filesystem/version_discovery.h"
#include "runtime/cancellation.h"
#include "runtime/when_all.h"

namespace evodb {
namespace {

constexpr int most_tries = 8;
constexpr std::chrono::milliseconds first_pause{50};
/// A store that asks to be left alone for longer is not written to again.
constexpr std::chrono::minutes longest_wait{1};
constexpr const char *attempt_key = "evodb-attempt";
/// Stores refuse a signature that is older. A body is signed with the time at which its base was confirmed, so that one
/// that was held back cannot land over versions that were made, and cleaned away, since (docs/commit.md, rule 5).
constexpr std::int64_t signature_life_ms = 15 * 60 * 1000;

/// Doubles from try to try, with full jitter so that rivals part.
std::chrono::nanoseconds pause_before(runtime &environment, int tries) {
  const auto longest = std::chrono::nanoseconds(first_pause) * (std::int64_t{1} << tries);
  return std::chrono::nanoseconds(
      static_cast<std::int64_t>(environment.random_u64() % static_cast<std::uint64_t>(longest.count())));
}

/// Identity is the attempt's id inside the body; an ETag would not tell two writers apart that made the same bytes
/// (docs/commit.md, rule 1).
bool is_of_another(const std::optional<table_version> &found, const slot_body &attempt) {
  return found && found->metadata->commit_attempt != attempt.attempt_id;
}

}  // namespace

slot::slot(std::shared_ptr<const storage> where, location table)
    : storage_(std::move(where)), table_(std::move(table)) {}

task<put_outcome> slot::send(const slot_body &attempt) {
  put_options options{put_condition(put_condition::kind::if_absent)};
  options.content_type = "application/json";
  options.user_metadata.emplace_back(attempt_key, attempt.attempt_id);
  options.signed_at_ms = attempt.signed_at_ms;
  options.may_repeat = false;  // docs/commit.md, rule 6
  const location where = metadata_file_location(table_, attempt.version);
  std::string broken;
  try {
    co_return co_await storage_->store().put(where.key, attempt.body, std::move(options));
  } catch (const std::exception &thrown) {
    broken = thrown.what();
  }
  // However a store breaks, bytes may have left it by then.
  co_return put_outcome(put_outcome::kind::unknown,
                        error(status::STORAGE_UNAVAILABLE, std::move(broken), where.to_text()));
}

task<std::optional<std::string>> slot::filled_by(std::int64_t version) {
  const std::optional<table_version> found =
      co_await read_metadata_file(*storage_, metadata_file_location(table_, version));
  if (!found) co_return std::nullopt;
  co_return found->metadata->commit_attempt;
}

/// When the same key may be written again: stores limit how often, or say how long they want to be left alone.
steady_time slot::next_write_after(const put_outcome &last) const {
  const std::int64_t asked_ms = last.reason ? last.reason->store.retry_after_ms : -1;
  const auto pause =
      std::max<std::chrono::nanoseconds>(storage_->store().rewrite_interval(), std::chrono::milliseconds(asked_ms));
  return storage_->runtime()->steady_now() + pause;
}

/// Reads the slot, and sends the same bytes again while it is empty. Only a whole body proves that it is another's: one
/// that was cut short decides nothing (docs/commit.md, rule 7).
task<slot::outcome> slot::find_out(slot_body attempt, bool base_is_confirmed, steady_time next_write) {
  const location where = metadata_file_location(table_, attempt.version);
  std::string last_reason = "the slot stayed empty, but a copy of the write may still land";
  bool is_seen = false;  // the body is there, but not for good
  for (int tries = 0; tries < most_tries; ++tries) {
    try {
      if (tries > 0) {
        const auto pause = pause_before(*storage_->runtime(), tries);
        co_await storage_->runtime()->sleep(pause);
      }
      std::optional<table_version> found = co_await read_metadata_file(*storage_, where);
      if (is_of_another(found, attempt)) co_return outcome(fate::taken, *std::move(found));
      if (found) {
        is_seen = true;
        co_await storage_->store().make_durable(where.key);
        co_return outcome(fate::ours);
      }
      const bool is_dead = std::abs(storage_->now_ms() - attempt.signed_at_ms) > signature_life_ms;
      if (!base_is_confirmed || is_dead) co_return outcome(fate::empty);
      const auto wait = next_write - storage_->runtime()->steady_now();
      if (wait > longest_wait) break;
      if (wait.count() > 0) co_await storage_->runtime()->sleep(wait);
      const put_outcome again = co_await send(attempt);
      next_write = next_write_after(again);
      if (again.what == put_outcome::kind::done) co_return outcome(fate::ours);
      if (again.reason) last_reason = again.reason->message();
    } catch (const std::exception &unreadable) {
      last_reason = unreadable.what();  // decides nothing
    }
    co_await throw_if_cancelled();
    if (is_seen) break;
  }
  co_return outcome(fate::unknown, error(status::COMMIT_STATE_UNKNOWN, std::move(last_reason), where.to_text()));
}

task<std::optional<table_version>> slot::find_another(const slot_body &attempt) {
  std::optional<table_version> found;
  try {
    found = co_await read_metadata_file(*storage_, metadata_file_location(table_, attempt.version));
  } catch (const std::exception &unreadable) {
    co_return std::nullopt;  // decides nothing
  }
  if (!is_of_another(found, attempt)) found.reset();
  co_return found;
}

/// Another body in the slot is proof whenever it was seen. Where rivals are about, the slot is read while it is filled, so
/// that those who lose are a round trip sooner at the next one, not later than those who waited for it: otherwise a writer
/// that has lost once would go on losing.
task<slot::outcome> slot::fill(slot_body attempt) {
  put_outcome first;
  std::optional<table_version> other;
  std::function<task<>(std::size_t)> send_or_read = [&](std::size_t i) -> task<> {
    if (i == 0) {
      first = co_await send(attempt);
    } else {
      other = co_await find_another(attempt);
    }
  };
  const std::size_t requests = attempt.has_rivals ? 2 : 1;
  co_await for_each_concurrently(requests, requests, std::move(send_or_read));
  if (first.what == put_outcome::kind::done) co_return outcome(fate::ours);
  if (first.what == put_outcome::kind::failed) throw std::move(*first.reason);
  if (other) co_return outcome(fate::taken, *std::move(other));
  co_return co_await find_out(std::move(attempt), true, next_write_after(first));
}

task<slot::outcome> slot::look(slot_body attempt) {
  return find_out(std::move(attempt), false, storage_->runtime()->steady_now());
}

task<slot::outcome> slot::send_again(slot_body attempt) {
  return find_out(std::move(attempt), true, storage_->runtime()->steady_now());
}

}  // namespace evodb
