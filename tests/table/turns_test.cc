#include "table/turns.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

using namespace evodb;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(turns_test)

namespace {

constexpr auto look = 30ms;

/// A writer that sees a version of others every two round trips; each of them has waited through so many.
struct seen_versions {
  turns order;
  steady_time now{};
  std::int64_t version = 10;

  seen_versions() {
    order.measure(look);
    order.begin(now);
    order.see(version, 0, now);
  }
  void see(std::int64_t waited) {
    now += 2 * look;
    order.see(++version, waited, now);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_lone_writer_is_always_next) {
  seen_versions of;
  for (int own = 0; own < 20; ++own) {
    BOOST_TEST(of.order.is_next(of.now));
    of.see(0);
    of.order.begin(of.now);
  }
  BOOST_TEST(of.order.waited(of.version + 1) == 0);
}

BOOST_AUTO_TEST_CASE(who_has_waited_through_as_many_as_there_are_rivals_is_next) {
  seen_versions of;
  for (std::int64_t others = 1; others <= 16; ++others) {
    BOOST_TEST((others == 1 || !of.order.is_next(of.now)));
    of.see(16);
    BOOST_TEST(of.order.waited(of.version + 1) == others);
  }
  BOOST_TEST(of.order.is_next(of.now));
}

BOOST_AUTO_TEST_CASE(who_has_waited_less_pauses_longer) {
  seen_versions of;
  of.see(16);
  auto before = of.order.pause();
  BOOST_TEST(before.count() > 0);
  for (int others = 2; others <= 10; ++others) {
    of.see(16);
    BOOST_TEST(of.order.pause().count() < before.count());
    before = of.order.pause();
  }
  for (int others = 11; others <= 12; ++others) of.see(16);
  BOOST_TEST(of.order.pause().count() == 0);
  BOOST_TEST(!of.order.is_next(of.now));
}

BOOST_AUTO_TEST_CASE(who_has_just_won_leaves_the_next_version_to_others) {
  seen_versions of;
  for (int others = 0; others < 4; ++others) of.see(3);
  of.see(3);  // its own
  of.order.begin(of.now);
  BOOST_TEST(!of.order.is_next(of.now + 4 * look));
}

BOOST_AUTO_TEST_CASE(rivals_that_let_their_time_pass_twice_are_gone) {
  seen_versions of;
  of.see(16);  // fifteen are before this one
  BOOST_TEST(!of.order.is_next(of.now + (5 + 14) * look));
  BOOST_TEST(of.order.is_next(of.now + (5 + 15) * look));
  of.see(1);  // its own
  of.order.begin(of.now);
  BOOST_TEST(!of.order.is_next(of.now + (5 + 13) * look));
  BOOST_TEST(of.order.is_next(of.now + (5 + 15) * look));
  // All but one, which is given up after two more turns.
  for (int turn = 0; turn < 2; ++turn) {
    of.see(0);
    of.order.begin(of.now);
    BOOST_TEST(!of.order.is_next(of.now));
    BOOST_TEST(of.order.is_next(of.now + (5 + 1) * look));
  }
  of.see(0);
  of.order.begin(of.now);
  BOOST_TEST(of.order.is_next(of.now));
}

BOOST_AUTO_TEST_CASE(looks_that_show_no_version_give_rivals_no_more_time) {
  seen_versions of;
  of.see(1);
  of.see(1);
  of.order.begin(of.now);
  const steady_time made = of.now;
  for (int looks = 1; looks <= 5; ++looks) {
    of.order.see(of.version, 1, made + looks * look);
    BOOST_TEST(of.order.has_just_looked(made + (looks + 2) * look));
    BOOST_TEST(!of.order.has_just_looked(made + (looks + 3) * look));
  }
  BOOST_TEST(of.order.is_next(made + 6 * look));
}

BOOST_AUTO_TEST_CASE(absurd_waits_of_others_are_bounded) {
  seen_versions of;
  of.see(std::int64_t{1} << 62);
  BOOST_TEST((of.order.pause() <= 8 * 8 * look));
  of.see(-5);
  BOOST_TEST((of.order.pause() <= 8 * 8 * look));
}

BOOST_AUTO_TEST_CASE(is_overlooked_by_writers_that_never_wait) {
  seen_versions of;
  BOOST_TEST(!of.order.is_overlooked());
  for (int others = 0; others < 3; ++others) of.see(0);
  BOOST_TEST(of.order.is_overlooked());
  of.see(2);
  BOOST_TEST(!of.order.is_overlooked());
}

BOOST_AUTO_TEST_SUITE_END()
