#include "runtime/memory_budget.h"

#include <limits>
#include <utility>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(memory_budget_test)

BOOST_AUTO_TEST_CASE(counts_what_is_held) {
  memory_budget budget(100);
  memory_budget::reservation a = budget.reserve(60);
  {
    const memory_budget::reservation b = budget.reserve(40);
    BOOST_TEST(budget.in_use() == 100);
    BOOST_TEST(b.bytes() == 40);
  }
  BOOST_TEST(budget.in_use() == 60);
  memory_budget::reservation moved = std::move(a);
  BOOST_TEST(a.bytes() == 0);
  BOOST_TEST(budget.in_use() == 60);
  moved = budget.reserve(10);  // held together for a moment
  BOOST_TEST(budget.in_use() == 10);
  moved.release();
  moved.release();
  BOOST_TEST(budget.in_use() == 0);
  BOOST_TEST(budget.reserved_in_total() == 110);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_over_the_limit) {
  memory_budget budget(100);
  const memory_budget::reservation held = budget.reserve(90);
  CHECK_FAILS(budget.reserve(11), status::RESOURCE_EXHAUSTED, "asked for 11 bytes with 90 in use of 100");
  CHECK_FAILS(budget.reserve(std::numeric_limits<std::int64_t>::max()), status::RESOURCE_EXHAUSTED);
  CHECK_FAILS(budget.reserve(-1), status::INTERNAL, "-1");
  BOOST_TEST(budget.in_use() == 90);
  BOOST_TEST(budget.reserve(10).bytes() == 10);
}

BOOST_AUTO_TEST_SUITE_END()
