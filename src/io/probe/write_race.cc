#include "io/probe/write_race.h"

#include <fmt/format.h>

#include <functional>
#include <utility>
#include <vector>

#include "io/local/hidden_files.h"
#include "runtime/cancellation.h"
#include "runtime/deadline.h"
#include "runtime/when_all.h"

namespace evodb {
namespace {

using kind = put_outcome::kind;

constexpr std::size_t writers = 8;

std::string name_of(const put_outcome &outcome) {
  if (outcome.what == kind::exists) return "412";
  if (outcome.reason && outcome.reason->store.http_status > 0) return std::to_string(outcome.reason->store.http_status);
  return "no answer";
}

class racing {
 public:
  racing(object_store &store, runtime &environment, put_condition::kind condition)
      : store_(store), environment_(environment), condition_(condition) {}

  task<write_race> run(std::string prefix, int rounds) {
    for (int round = 0; round < rounds; ++round) keys_.push_back(prefix + std::to_string(round));
    std::vector<put_condition> conditions(keys_.size(), put_condition(condition_));
    if (condition_ == put_condition::kind::if_match) {
      for (std::size_t i = 0; i < keys_.size(); ++i) conditions[i].etag = co_await make(keys_[i]);
      co_await environment_.sleep(store_.rewrite_interval());
    }
    for (std::size_t i = 0; i < keys_.size(); ++i) co_await race(keys_[i], conditions[i]);
    co_return std::move(found_);
  }

  /// Their locks, which a local folder keeps beside them, as well.
  std::vector<std::string> keys() const {
    std::vector<std::string> all = keys_;
    for (const std::string &key : keys_) all.push_back(lock_key_of(key));
    return all;
  }

 private:
  task<put_outcome> put(std::string key, std::size_t writer, put_condition condition) {
    put_options options(std::move(condition));
    options.may_repeat = false;  // a hidden second copy would find that the condition does not hold
    auto body = std::make_shared<const bytes>(fmt::format("by writer {}", writer));
    std::optional<error> thrown;
    try {
      co_return co_await store_.put(std::move(key), std::move(body), std::move(options));
    } catch (const error &why) {
      thrown = why;
    }
    co_return put_outcome(kind::unknown, *std::move(thrown));
  }

  /// Its ETag.
  task<std::string> make(std::string key) {
    put_condition always;
    const put_outcome first = co_await put(key, writers, std::move(always));
    if (first.what != kind::done) throw first.reason.value_or(error(status::UNSAFE_STORE, "not written", key));
    const object made = co_await get_whole(store_, key, longest_body);
    co_return made.meta.etag;
  }

  task<> race(std::string key, put_condition condition) {
    std::vector<put_outcome> outcomes(writers);
    std::function<task<>(std::size_t)> write = [&](std::size_t i) -> task<> {
      put_condition own = condition;
      outcomes[i] = co_await put(key, i, std::move(own));
    };
    co_await for_each_concurrently(writers, writers, std::move(write));
    const object after = co_await get_whole(store_, key, longest_body);
    judge(outcomes, after.body);
  }

  void judge(const std::vector<put_outcome> &outcomes, const bytes &content) {
    int winners = 0;
    bool is_winners = false;  ///< the content
    bool is_decided = true;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const bool has_won = outcomes[i].what == kind::done;
      winners += has_won;
      is_winners |= has_won && content == fmt::format("by writer {}", i);
      is_decided &= outcomes[i].what != kind::unknown;
      if (!has_won) ++found_.answers[name_of(outcomes[i])];
    }
    ++found_.rounds;
    found_.several_winners += winners > 1;
    found_.no_winner += winners == 0;
    // Who got no answer may have won.
    found_.wrong_content += winners == 1 && !is_winners && is_decided;
  }

  static constexpr std::int64_t longest_body = 1000;

  object_store &store_;
  runtime &environment_;
  const put_condition::kind condition_;
  std::vector<std::string> keys_;
  write_race found_;
};

}  // namespace

task<write_race> race_writes(object_store &store, runtime &environment, std::string prefix, int rounds,
                             put_condition::kind condition) {
  racing one(store, environment, condition);
  write_race found;
  std::exception_ptr failed;
  try {
    found = co_await one.run(std::move(prefix), rounds);
  } catch (...) {
    failed = std::current_exception();
  }
  co_await disregard_cancellation();
  std::function<task<>()> remove = [&]() -> task<> {
    std::vector<std::string> keys = one.keys();
    co_await store.remove(std::move(keys));
  };
  co_await tidy_up(environment, std::move(remove));
  co_await throw_if_cancelled();
  if (failed) std::rethrow_exception(failed);
  co_return found;
}

}  // namespace evodb
