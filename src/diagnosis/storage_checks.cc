#include "diagnosis/storage_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnosis/write_checks.h"
#include "io/probe/write_probe.h"
#include "io/probe/write_race.h"

namespace evodb {
namespace {

constexpr int races = 32;
constexpr int timed_requests = 11;

class storage_checks {
 public:
  storage_checks(std::shared_ptr<const storage> where, location folder)
      : where_(std::move(where)),
        prefix_(std::move(folder).child(".probe-" + where_->runtime()->random_uuid().to_text())) {}

  task<health_checks> run() {
    co_await check_writes();
    if (found_.front().is_ok) {
      co_await check_races("racing-creates", put_condition::kind::if_absent,
                           "two writers can both believe to have made a version, and one of them is lost");
      co_await check_races("racing-replacements", put_condition::kind::if_match,
                           "the version hint may be moved back, so that other engines read old versions");
      co_await check_latency();
      co_await check_listing();
    }
    sum_up();
    co_return std::move(found_);
  }

 private:
  object_store &store() const noexcept { return where_->store(); }

  task<> check_writes() {
    const write_probe probe = co_await probe_writes(store(), *where_->runtime(), prefix_.key);
    found_ = checks_of(probe, prefix_);
    if (probe.if_none_match && probe.if_none_match->code() != status::UNSAFE_STORE) untried_.insert("if-none-match");
    if (probe.if_match && probe.if_match->code() != status::UNSAFE_STORE) untried_.insert("if-match");
  }

  task<> check_races(const char *name, put_condition::kind condition, const char *consequence) {
    health_check one(name);
    try {
      std::string prefix = fmt::format("{}-{}-", prefix_.key, name);
      const write_race race = co_await race_writes(store(), *where_->runtime(), std::move(prefix), races, condition);
      one.with(race.rounds);
      std::vector<std::string> heard;
      for (const auto &[answer, times] : race.answers) heard.push_back(fmt::format("{} times {}", times, answer));
      one.say(fmt::format("the losers heard {}", heard.empty() ? "nothing" : fmt::to_string(fmt::join(heard, ", "))));
      if (race.several_winners > 0)
        one.fail(
            fmt::format("{} of {} races had more than one winner: {}", race.several_winners, race.rounds, consequence));
      if (race.no_winner == race.rounds) one.fail("no race had a winner, so that nothing is shown");
      if (race.wrong_content > 0)
        one.fail(fmt::format("after {} of {} races the object was not the winner's: {}", race.wrong_content,
                             race.rounds, consequence));
    } catch (const error &wrong) {
      one.fail(sentence_of(wrong));
      untried_.insert(name);
    }
    found_.push_back(std::move(one));
  }

  /// The median of one request after another, over a connection that is open.
  task<> check_latency() {
    health_check one("latency");
    try {
      std::vector<std::int64_t> times_us;
      for (int i = 0; i < timed_requests; ++i) {
        const steady_time before = where_->runtime()->steady_now();
        std::string absent = prefix_.key + "-absent";
        co_await store().head(std::move(absent));
        const auto took = where_->runtime()->steady_now() - before;
        times_us.push_back(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
      }
      std::nth_element(times_us.begin(), times_us.begin() + timed_requests / 2, times_us.end());
      const std::int64_t median_us = times_us[timed_requests / 2];
      one.with((median_us + 500) / 1000);
      one.say(fmt::format("a small request takes {:.1f} ms in the median", static_cast<double>(median_us) / 1000));
    } catch (const error &wrong) {
      one.fail(sentence_of(wrong));
    }
    found_.push_back(std::move(one));
  }

  /// New tables, and a newest version that the hint does not name, are found in no other way.
  task<> check_listing() {
    health_check one("list");
    try {
      list_options first;
      first.prefix = prefix_.key;
      first.limit = 1;
      co_await store().list(std::move(first));
    } catch (const error &wrong) {
      one.fail(sentence_of(wrong));
    }
    found_.push_back(std::move(one));
  }

  /// Safe is a store that keeps writers apart; what else is wrong keeps them from writing.
  void sum_up() {
    constexpr std::array<std::string_view, 4> keep_apart{"if-none-match", "if-match", "racing-creates",
                                                         "racing-replacements"};
    std::vector<std::string> unsafe, missing;
    for (const health_check &each : found_) {
      const bool is_decisive = std::find(keep_apart.begin(), keep_apart.end(), each.name) != keep_apart.end();
      if (!each.is_ok) (is_decisive && !untried_.contains(each.name) ? unsafe : missing).push_back(each.name);
    }
    health_check one("safe");
    if (!unsafe.empty()) {
      one.fail(fmt::format("tables are NOT safe here: see {}", fmt::join(unsafe, ", ")));
    } else if (!found_.front().is_ok) {
      one.fail("whether tables are safe here could not be tried");
    } else if (!untried_.empty()) {
      one.fail(fmt::format("whether tables are safe here is not shown: see {}", fmt::join(untried_, ", ")));
    } else if (!missing.empty()) {
      const bool is_clock_alone = missing == std::vector<std::string>{"clock"};
      one.say(fmt::format("see {}: {}; racing writers as such are kept apart", fmt::join(missing, ", "),
                          is_clock_alone ? "that comes before the first commit" : "nothing can be committed here yet"));
    } else {
      one.say("any number of writers can commit to tables here");
    }
    found_.push_back(std::move(one));
  }

  const std::shared_ptr<const storage> where_;
  const location prefix_;          ///< of the objects that are made
  std::set<std::string> untried_;  ///< checks that failed without showing anything
  health_checks found_;
};

}  // namespace

task<health_checks> diagnose_storage(std::shared_ptr<const storage> where, location folder) {
  storage_checks all(std::move(where), std::move(folder));
  co_return co_await all.run();
}

}  // namespace evodb
