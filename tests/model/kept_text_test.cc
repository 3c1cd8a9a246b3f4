#include "model/kept_text.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(kept_texts)

BOOST_AUTO_TEST_CASE(the_first_text_stays) {
  const kept_text of;
  BOOST_TEST(of.find() == nullptr);
  of.keep("first");
  of.keep("second");
  BOOST_REQUIRE(of.find() != nullptr);
  BOOST_TEST(*of.find() == "first");
}

BOOST_AUTO_TEST_CASE(a_copy_keeps_nothing_and_is_equal) {
  kept_text of, assigned;
  of.keep("text");
  const kept_text copy = of;
  BOOST_TEST(copy.find() == nullptr);
  BOOST_TEST((copy == of));
  assigned.keep("of what it was before");
  assigned = of;
  BOOST_TEST(assigned.find() == nullptr);
  BOOST_TEST(*of.find() == "text");
}

BOOST_AUTO_TEST_SUITE_END()
