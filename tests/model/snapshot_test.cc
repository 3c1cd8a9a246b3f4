#include "model/snapshot.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(snapshot_test)

BOOST_AUTO_TEST_CASE(pairs_keep_their_order) {
  string_pairs pairs{{"operation", "append"}, {"a", "1"}};
  set_value(pairs, "b", "2");
  set_value(pairs, "operation", "delete");
  BOOST_TEST(bool(pairs == string_pairs{{"operation", "delete"}, {"a", "1"}, {"b", "2"}}));
  BOOST_TEST(*find_value(pairs, "a") == "1");
  BOOST_TEST(!find_value(pairs, "c"));
}

BOOST_AUTO_TEST_CASE(operation) {
  snapshot s;
  BOOST_TEST(s.operation().empty());
  s.summary = {{"operation", "overwrite"}};
  BOOST_TEST(s.operation() == "overwrite");
}

BOOST_AUTO_TEST_SUITE_END()
