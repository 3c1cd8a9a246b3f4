#include "table/snapshots/expiry.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(expiry_test)

namespace {

constexpr std::int64_t hour_ms = 3600 * 1000;
using ids = std::vector<std::int64_t>;

/// Snapshots 1 to 6, an hour apart, the last one just made; each the parent of the next.
table_metadata six_hours() {
  table_metadata m;
  for (std::int64_t i = 1; i <= 6; ++i) {
    snapshot s;
    s.snapshot_id = i;
    if (i > 1) s.parent_snapshot_id = i - 1;
    s.timestamp_ms = i * hour_ms;
    m.snapshots.push_back(std::make_shared<const snapshot>(s));
  }
  m.current_snapshot_id = 6;
  m.refs["main"].snapshot_id = 6;
  m.properties["evodb.commit.max-snapshots"] = "2";
  return m;
}

ids expired(const table_metadata &m) {
  return snapshots_to_expire(m, 6 * hour_ms);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_oldest_beyond_the_limit_go) {
  BOOST_TEST(expired(six_hours()) == (ids{1, 2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(none_younger_than_an_hour) {
  table_metadata m = six_hours();
  m.properties["evodb.commit.max-snapshots"] = "1";
  BOOST_TEST(expired(m) == (ids{1, 2, 3, 4}), boost::test_tools::per_element());  // 5 is just an hour old
}

BOOST_AUTO_TEST_CASE(limits_that_say_none) {
  for (const auto &[key, value] :
       {std::pair("evodb.commit.max-snapshots", "0"), std::pair("gc.enabled", "false"),
        std::pair("evodb.commit.max-snapshots", "many"), std::pair("evodb.commit.max-snapshots", "6")}) {
    table_metadata m = six_hours();
    m.properties[key] = value;
    BOOST_TEST(expired(m).empty(), key << "=" << value);
  }
}

BOOST_AUTO_TEST_CASE(refs_keep_theirs) {
  table_metadata m = six_hours();
  m.refs["tag"].snapshot_id = 2;
  m.refs["tag"].is_branch = false;
  BOOST_TEST(expired(m) == (ids{1, 3, 4}), boost::test_tools::per_element());
  m.refs["main"].min_snapshots_to_keep = 4;
  BOOST_TEST(expired(m) == ids{1}, boost::test_tools::per_element());
  m.refs["main"].min_snapshots_to_keep.reset();
  m.refs["main"].max_snapshot_age_ms = 2 * hour_ms;
  BOOST_TEST(expired(m) == (ids{1, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(staged_ones_only_when_they_are_old) {
  table_metadata m = six_hours();
  m.properties["evodb.commit.max-snapshots"] = "1";
  m.current_snapshot_id = 2;  // 3 to 6 are on no branch
  m.refs["main"].snapshot_id = 2;
  BOOST_TEST(expired(m) == (ids{1, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_ref_keeps_its_snapshot_whatever_its_age) {
  table_metadata m = six_hours();
  m.refs["old"].snapshot_id = 1;
  m.refs["old"].max_ref_age_ms = 1;
  BOOST_TEST(expired(m) == (ids{2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
