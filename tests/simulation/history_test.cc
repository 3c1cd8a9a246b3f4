// Histories of many writers under every misfortune. A seed that fails is named; `simulate SEED` tells its story.
#include "simulation/history.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "simulation/network.h"

using namespace evodb::simulation;

BOOST_AUTO_TEST_SUITE(history_test)

namespace {

/// As many changes as are to be committed in all; a sanitized build takes fewer.
std::int64_t commits_wanted() {
  const char *text = std::getenv("EVODB_SIMULATED_COMMITS");
  return text == nullptr ? 50'000 : std::strtoll(text, nullptr, 10);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_seed_repeats_exactly) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    history_plan plan = history_plan::of_seed(seed);
    plan.tells_the_story = true;
    const history_result first = run(plan), second = run(plan);
    BOOST_TEST(first.story.size() > 10u);
    BOOST_TEST(first.story == second.story, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(every_change_is_there_as_its_caller_was_told) {
  // Weather that never comes shows nothing; few histories may have to wait for what is rare.
  std::map<std::string, std::int64_t> least_in_10_000{{"answer lost", 1000},
                                                      {"request lost", 1000},
                                                      {"request doubled", 400},
                                                      {"very late", 100},
                                                      {"refused for now", 1000},
                                                      {"effect then error", 400},
                                                      {"cut short", 60},
                                                      {"denied", 30},
                                                      {"half deleted", 5},
                                                      {"signatures refused", 25},
                                                      {"writes limited", 1000},
                                                      {"crashes", 15},
                                                      {"stalls", 15},
                                                      {"changes unknown", 10},
                                                      {"versions cleaned away", 500},
                                                      {"snapshots expired", 500},
                                                      {"other files removed", 1000}};
  if (network::is_http_by_default()) least_in_10_000["clocks that stood still"] = 5;
  std::map<std::string, std::int64_t> totals;
  const auto has_come = [&] {
    return std::all_of(least_in_10_000.begin(), least_in_10_000.end(), [&](const auto &weather) {
      return totals[weather.first] >= weather.second * commits_wanted() / 10'000;
    });
  };
  const auto goes_on = [&] {
    const std::int64_t acknowledged = totals["changes acknowledged"];
    return acknowledged < commits_wanted() || (!has_come() && acknowledged < 4 * commits_wanted());
  };
  std::int64_t histories = 0;
  for (std::uint64_t seed = 1; goes_on(); ++seed, ++histories) {
    const history_result came = run(history_plan::of_seed(seed));
    for (const std::string &what : came.violations) BOOST_ERROR("seed " << seed << ": " << what);
    for (const auto &[name, count] : came.counts) totals[name] += count;
  }
  BOOST_TEST_MESSAGE(histories << " histories");
  for (const auto &[name, count] : totals) BOOST_TEST_MESSAGE(count << " " << name);
  for (const auto &[name, least] : least_in_10_000) {
    BOOST_TEST(totals[name] >= least * commits_wanted() / 10'000, name << ": " << totals[name]);
  }
}

BOOST_AUTO_TEST_CASE(a_long_history_crosses_expiry_and_clean_up) {
  history_plan plan;
  plan.seed = 1;
  plan.writers = 8;
  plan.keyed_applications = 1;
  plan.keyed_commits_each = static_cast<int>(commits_wanted() / 100);
  plan.commits_each = static_cast<int>(commits_wanted() / 18);
  plan.longest_pause = std::chrono::minutes(10);
  plan.shares = {0.93, 0};
  plan.max_snapshots = 20;
  plan.cleaning_rounds = 1000;
  plan.sweeping_rounds = 200;
  plan.reading_rounds = 200;
  plan.worst_clock_error = std::chrono::minutes(2);
  plan.limits_writes = true;
  plan.crash = 0.00003;
  plan.stall = 0.00003;
  for (double misfortunes::*rate :
       {&misfortunes::request_lost, &misfortunes::answer_lost, &misfortunes::request_doubled,
        &misfortunes::refused_for_now, &misfortunes::effect_then_error})
    plan.rates.*rate = 0.02;
  plan.rates.very_late = 0.001;
  history_result came = run(plan);
  for (const std::string &what : came.violations) BOOST_ERROR(what);
  for (const auto &[name, count] : came.counts) BOOST_TEST_MESSAGE(count << " " << name);
  BOOST_TEST(came.counts.at("changes acknowledged") > commits_wanted() * 2 / 5);
  BOOST_TEST(came.counts.at("versions") > commits_wanted() / 5);
  BOOST_TEST(came.counts["snapshots expired"] > commits_wanted() / 50);
}

BOOST_AUTO_TEST_SUITE_END()
