#include "io/probe/write_race.h"

#include "failure.h"
#include "io/memory_store.h"
#include "io/peculiar_store.h"
#include "runtime/run_to_end.h"
#include "runtime/thread_runtime.h"

using namespace evodb;

namespace {

constexpr int rounds = 5;

struct raced {
  std::shared_ptr<runtime> environment = make_thread_runtime(thread_runtime_options());
  std::shared_ptr<object_store> beneath = make_memory_store(environment, "raced");
  peculiar_store store{beneath};

  write_race race(put_condition::kind condition) {
    const write_race found =
        run_to_end(environment, [&] { return race_writes(store, *environment, "folder/.probe-", rounds, condition); });
    BOOST_TEST(run_to_end(environment, [&] { return beneath->list(list_options()); }).objects.empty());
    return found;
  }
};

const put_condition::kind conditions[] = {put_condition::kind::if_absent, put_condition::kind::if_match};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(write_race_test, raced)

BOOST_AUTO_TEST_CASE(one_of_eight_wins_in_a_good_store) {
  for (const auto condition : conditions) {
    const write_race found = race(condition);
    BOOST_TEST(found.rounds == rounds);
    BOOST_TEST(found.several_winners == 0);
    BOOST_TEST(found.no_winner == 0);
    BOOST_TEST(found.wrong_content == 0);
    const std::map<std::string, int> losers{{"412", 7 * rounds}};
    BOOST_TEST((found.answers == losers));
  }
}

BOOST_AUTO_TEST_CASE(conditions_that_are_looked_at_first_are_found_out) {
  store.looks_before_it_writes = true;
  for (const auto condition : conditions) BOOST_TEST(race(condition).several_winners == rounds);
}

BOOST_AUTO_TEST_CASE(a_store_that_writes_nothing_ends_it) {
  store.refuses_writes = true;
  BOOST_CHECK_THROW(race(put_condition::kind::if_match), error);
  BOOST_CHECK_THROW(race(put_condition::kind::if_absent), error);
}

BOOST_AUTO_TEST_SUITE_END()
