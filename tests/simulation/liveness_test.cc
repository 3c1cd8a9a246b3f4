// Once the weather is calm every commit that waits ends, and after few rounds.

#include <algorithm>

#include "failure.h"
#include "simulation/scene.h"
#include "simulation/writer.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(liveness_test)

namespace {

/// Writers of one table that all have something to commit at the same time.
struct contest : scene {
  contest(std::uint64_t seed, int writers) : scene(seed) {
    for (int i = 0; i < writers; ++i) {
      process &by = start_process();
      contestants.push_back({&by, told().begin(append_kind), {}, {}, 0});
    }
    for (contestant &one : contestants) one.value.emplace(with_change(open(*one.by), one.label));
    requests().directions = [this](const sent_request &sent) -> std::optional<std::vector<passage>> {
      const bool is_version = sent.what == sent_request::kind::put && sent.key.ends_with(".metadata.json");
      for (contestant &one : contestants) one.rounds += is_version && sent.from == one.by->id ? 1 : 0;
      return std::nullopt;
    };
  }

  void start() {
    for (contestant &one : contestants) one.running = commit(*one.by, *one.value);
  }
  void end_all() {
    for (contestant &one : contestants) end(one.running, {one.label});
  }

  struct contestant {
    process *by;
    std::string label;
    std::optional<table> value;
    std::shared_ptr<operation> running;
    int rounds;
  };
  std::vector<contestant> contestants;
};

}  // namespace

BOOST_AUTO_TEST_CASE(every_rival_wins_after_few_rounds) {
  for (const int writers : {2, 8, 32}) {
    std::vector<int> rounds;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      contest c(seed, writers);
      c.start();
      c.end_all();
      BOOST_TEST(c.told().count(ledger::told::committed) == writers);
      BOOST_TEST(c.newest_version() == 1 + writers);
      c.check();
      for (const auto &one : c.contestants) rounds.push_back(one.rounds);
    }
    std::sort(rounds.begin(), rounds.end());
    const int median = rounds[rounds.size() / 2], worst = rounds.back();
    BOOST_TEST_MESSAGE(writers << " writers: " << median << " rounds in the median, " << worst << " at worst");
    BOOST_TEST(worst <= writers);
  }
}

BOOST_AUTO_TEST_CASE(once_the_storm_is_over_every_commit_ends) {
  for (const int writers : {2, 8, 32}) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      contest c(seed, writers);
      misfortunes &rates = c.requests().rates;
      rates.request_lost = rates.answer_lost = rates.request_doubled = rates.refused_for_now = 0.3;
      rates.effect_then_error = rates.very_late = 0.1;
      c.start();
      c.pass(3min);
      rates = misfortunes();
      c.end_all();
      // A caller that got no definite outcome in the storm commits again, and gets one.
      for (auto &one : c.contestants) {
        BOOST_REQUIRE(one.running->is_ready());
        if (one.running->failure()) c.end(c.commit(*one.by, *one.value), {one.label});
      }
      c.run_to_end();
      BOOST_TEST(c.told().count(ledger::told::committed) == writers);
      c.check();
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
