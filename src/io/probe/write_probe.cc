#include "io/probe/write_probe.h"

#include <chrono>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "io/local/hidden_files.h"
#include "runtime/cancellation.h"
#include "runtime/deadline.h"

namespace evodb {
namespace {

using condition_kind = put_condition::kind;
using outcome_kind = put_outcome::kind;

constexpr int most_tries = 5;
constexpr std::chrono::seconds longest_goodbye{5};
constexpr int too_many_requests = 429;
/// Stores tell times in whole seconds, cut off.
constexpr std::int64_t resolution_ms = 1000;

class probing {
 public:
  probing(object_store &store, runtime &environment, std::string key)
      : store_(store), environment_(environment), key_(std::move(key)) {}

  task<write_probe> run() {
    const std::int64_t before = environment_.now_ms();
    const put_outcome created = co_await put("first", condition_kind::if_absent, no_etag_);
    const std::int64_t after = environment_.now_ms();
    if (created.what != outcome_kind::done) {
      found_.write = reason_of(created, "the store says that there is an object of a name that was never used");
    } else {
      co_await compare_clocks(before, after);
      co_await try_if_none_match();
      co_await try_if_match();
    }
    // What seemed to fail may have been written all the same.
    if (created.what != outcome_kind::failed) co_await remove();
    co_return std::move(found_);
  }

 private:
  /// Again where the store says that it is too early for another write of the key.
  task<put_outcome> put(const char *content, condition_kind when, std::string etag) {
    put_options options{put_condition(when, std::move(etag))};
    options.may_repeat = false;  // a hidden second copy would find that the condition does not hold
    const auto body = std::make_shared<const bytes>(content);
    put_outcome outcome;
    for (int tries = 0; tries < most_tries; ++tries) {
      if (tries > 0) co_await environment_.sleep(store_.rewrite_interval());
      try {
        put_options own = options;
        outcome = co_await store_.put(key_, body, std::move(own));
      } catch (const error &wrong) {
        outcome = put_outcome(outcome_kind::unknown, wrong);
      }
      if (!outcome.reason || outcome.reason->store.http_status != too_many_requests) break;
    }
    co_return outcome;
  }

  std::string subject() const { return store_.root().child(key_).to_text(); }

  error reason_of(const put_outcome &outcome, const char *otherwise) const {
    return outcome.reason ? *outcome.reason : error(status::UNSAFE_STORE, otherwise, subject());
  }

  task<> compare_clocks(std::int64_t before, std::int64_t after) {
    try {
      const std::optional<object_meta> written = co_await store_.head(key_);
      if (!written || written->last_modified_ms <= 0) co_return;
      const std::int64_t earliest = written->last_modified_ms;
      found_.clock_ahead_ms = 0;
      if (before > earliest + resolution_ms) found_.clock_ahead_ms = before - earliest;
      if (after < earliest) found_.clock_ahead_ms = after - earliest;
    } catch (const error &) {
      // Then the clocks are not compared.
    }
  }

  task<> try_if_none_match() {
    const put_outcome second = co_await put("second", condition_kind::if_absent, no_etag_);
    if (second.what == outcome_kind::exists) co_return;
    found_.if_none_match = reason_of(
        second, "the store ignores If-None-Match: it put an object in another's place that was to be created");
  }

  task<> try_if_match() {
    std::optional<object> now;
    try {
      const byte_range everything{0, -1};
      now = co_await store_.get(key_, everything);
    } catch (const error &wrong) {
      found_.if_match = wrong;
    }
    if (found_.if_match) co_return;
    if (!now) {
      found_.if_match = error(status::UNSAFE_STORE, "an object that was just written is not there", subject());
      co_return;
    }
    const put_outcome other = co_await put("third", condition_kind::if_match, another_etag_);
    if (other.what != outcome_kind::exists) {
      found_.if_match =
          reason_of(other, "the store ignores If-Match: it replaced an object that was not the one that was meant");
      co_return;
    }
    const put_outcome same = co_await put("fourth", condition_kind::if_match, now->meta.etag);
    if (same.what == outcome_kind::done) co_return;
    found_.if_match = reason_of(same, "the store does not replace an object by If-Match with the object's own ETag");
  }

  task<> remove() {
    try {
      // No other writer replaces this object, so the lock beside it guards nothing.
      std::vector<std::string> keys{key_, lock_key_of(key_)};
      co_await store_.remove(std::move(keys));
    } catch (const error &wrong) {
      found_.removal = wrong;
    }
  }

  object_store &store_;
  runtime &environment_;
  const std::string key_;
  const std::string no_etag_;
  const std::string another_etag_ = std::string(32, '0');  // a well-formed one
  write_probe found_;
};

}  // namespace

task<write_probe> probe_writes(object_store &store, runtime &environment, std::string key) {
  probing one(store, environment, std::move(key));
  write_probe found;
  std::function<task<>()> run = [&]() -> task<> { found = co_await one.run(); };
  // A probe that is cancelled removes what it has written.
  co_await finish_after_cancellation(environment, longest_goodbye, std::move(run));
  co_await throw_if_cancelled();
  co_return found;
}

}  // namespace evodb
