// Writers of several processes that commit to one table without a pause take turns: who has waited longest is next, or
// nearly so. Every request takes about one virtual round trip.

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <string>
#include <vector>

#include "failure.h"
#include "simulation/scene.h"
#include "simulation/writer.h"
#include "table/commit/commit.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(fairness_test)

namespace {

constexpr auto round_trip = 30ms;

/// Rivals that commit one append after another, each in a process of its own.
struct rivalry : scene {
  explicit rivalry(std::uint64_t seed) : scene(seed) {
    requests().directions = [this](const sent_request &sent) -> std::optional<std::vector<passage>> {
      ++(sent.is_write() ? writes : reads);
      passage way;
      way.there = way.back = round_trip / 2 + std::chrono::microseconds(in().below(1000));
      return std::vector<passage>{way};
    };
  }

  struct rival {
    process *by;
    std::optional<table> known;
    std::shared_ptr<operation> running;
    std::int64_t begun_at_version = 0;
    std::int64_t most_rounds = 0;  ///< versions that others made during one of its commits
    int commits = 0;
    bool is_stopped = false;
  };

  void add(int count) {
    for (int i = 0; i < count; ++i) {
      process &by = start_process();
      rivals.push_back({});
      rival &one = rivals.back();
      one.by = &by;
      one.known = open(by);
    }
    for (rival &one : rivals) {
      if (!one.running)
        one.running = operation::start(one.by->environment, [this, &one] { return commit_again_and_again(one); });
    }
  }

  task<std::shared_ptr<void>> commit_again_and_again(rival &self) {
    while (!self.is_stopped && self.commits < most_commits) {
      const std::string label = told().begin(append_kind);
      self.begun_at_version = newest_version();
      table value = with_change(*self.known, label);
      const steady_time begun = in().now();
      self.known = co_await evodb::commit(std::move(value));
      took.push_back(in().now() - begun);
      told().tell(label, ledger::told::committed);
      note_win(self);
    }
    co_return nullptr;
  }

  void note_win(rival &by) {
    const std::int64_t rounds = by.known->base().version - by.begun_at_version - 1;
    by.most_rounds = std::max(by.most_rounds, rounds);
    ++by.commits;
    ++wins;
    repeated_wins += last_winner == &by;
    last_winner = &by;
  }

  void count_anew() {
    wins = repeated_wins = reads = writes = 0;
    took.clear();
    for (rival &one : rivals) one.commits = 0, one.most_rounds = 0;
  }
  void stop() {
    for (rival &one : rivals) {
      one.most_rounds = std::max(one.most_rounds, newest_version() - one.begun_at_version);
      one.is_stopped = true;
    }
  }
  void end_all() {
    for (rival &one : rivals) run_until([&] { return one.running->is_ready(); });
  }
  std::int64_t most_rounds() const {
    std::int64_t most = 0;
    for (const rival &one : rivals) most = std::max(most, one.most_rounds);
    return most;
  }

  /// Measured, for readers of the test's output.
  std::string summary(std::chrono::nanoseconds span) {
    std::sort(took.begin(), took.end());
    const auto ms = [&](std::size_t share) { return took.at(took.size() * share / 100) / 1ms; };
    return fmt::format(
        "{} writers: {:.1f} commits/s, p50 {} ms, p99 {} ms, the longest wait {} rounds, {} of {} won twice in a row, "
        "{:.1f} reads and {:.1f} writes a commit",
        rivals.size(), wins / std::chrono::duration<double>(span).count(), ms(50), ms(99), most_rounds(), repeated_wins,
        wins, static_cast<double>(reads) / wins, static_cast<double>(writes) / wins);
  }

  std::deque<rival> rivals;
  std::vector<std::chrono::nanoseconds> took;  ///< of each commit
  int most_commits = std::numeric_limits<int>::max();
  int reads = 0;
  int writes = 0;
  int wins = 0;
  int repeated_wins = 0;
  const rival *last_winner = nullptr;
};

}  // namespace

BOOST_AUTO_TEST_CASE(writers_without_a_pause_take_turns) {
  for (const int writers : {2, 3, 8, 16, 32}) {
    const std::uint64_t seeds = writers <= 3 ? 10 : 2;  // few can each take themselves to be alone
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      rivalry r(seed);
      r.add(writers);
      r.pass(6s);  // who is first knows of no rival until they move the version hint
      r.count_anew();
      const auto span = std::max<std::chrono::milliseconds>(20 * writers * round_trip, 6s);
      r.pass(span);
      r.stop();
      BOOST_TEST_MESSAGE(r.summary(span));
      r.end_all();
      r.check();
      BOOST_TEST(r.most_rounds() <= 2 * writers + 4);  // two take themselves to be alone when the other one is slow
      // Three round trips and what it takes to see the version before; moving the hint delays some.
      BOOST_TEST(r.wins * 5 * round_trip >= span);
      BOOST_TEST(r.writes <= 7 * r.wins);  // a manifest, a list, a version and the hint: little is written in vain
      BOOST_TEST(r.repeated_wins <= r.wins / 5);
    }
  }
}

BOOST_AUTO_TEST_CASE(writers_that_begin_together_take_turns_from_the_first) {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    rivalry r(seed);
    r.most_commits = 6;
    const steady_time begun = r.in().now();
    r.add(16);
    r.end_all();
    const auto span = r.in().now() - begun;
    BOOST_TEST_MESSAGE("from the beginning on, " + r.summary(span));
    r.check();
    BOOST_TEST(r.most_rounds() <= 2 * 16);
    BOOST_TEST(r.wins * 6 * round_trip >= span);
  }
}

BOOST_AUTO_TEST_CASE(a_newcomer_does_not_starve) {
  rivalry r(1);
  r.add(1);
  r.pass(5s);
  r.add(1);
  r.pass(10s);
  r.stop();
  BOOST_TEST(r.rivals.back().commits > 20);
  r.end_all();
  r.check();
}

BOOST_AUTO_TEST_CASE(rivals_that_are_gone_slow_down_nobody) {
  rivalry r(1);
  r.add(8);
  r.pass(5s);
  for (std::size_t i = 1; i < r.rivals.size(); ++i) r.in().kill(r.rivals[i].by->id);
  r.pass(2s);
  r.count_anew();
  r.pass(6s);
  r.stop();
  BOOST_TEST(r.rivals.front().commits >= 6s / (2 * round_trip + 5ms));
  r.run_until([&] { return r.rivals.front().running->is_ready(); });
  r.check();
}

BOOST_AUTO_TEST_SUITE_END()
