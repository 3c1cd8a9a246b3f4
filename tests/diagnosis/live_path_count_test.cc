#include "diagnosis/live_path_count.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(live_path_count_test)

namespace {

using paths = std::vector<std::string>;

/// Manifests by number, with the files that are live in each.
struct history {
  live_path_count count;

  explicit history(const std::vector<paths> &manifests) {
    count.make_room_for(manifests.size());
    for (std::size_t i = 0; i < manifests.size(); ++i) {
      std::vector<live_path_count::file> live;
      for (const std::string &path : manifests[i]) live.push_back({path, 1});
      count.note(i, live);
    }
  }

  /// What a snapshot of these manifests has twice.
  paths twice_in(const std::vector<std::size_t> &manifests) {
    paths found;
    count.move_to(manifests, [&](const std::string &path) { found.push_back(path); });
    return found;
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_rewritten_manifest_takes_the_place_of_others) {
  history one({{"a", "b"}, {"c"}, {"a", "b", "c"}, {"d"}});
  BOOST_TEST(one.twice_in({0}).empty());
  BOOST_TEST(one.twice_in({1, 0}).empty());
  BOOST_TEST(one.twice_in({2}).empty());
  BOOST_TEST(one.twice_in({3, 2}).empty());
  BOOST_TEST(one.twice_in({1, 0}).empty());  // rolled back
  BOOST_TEST(one.twice_in({}).empty());
  BOOST_TEST(one.twice_in({3, 2}).empty());
}

BOOST_AUTO_TEST_CASE(a_file_of_two_manifests_is_reported_once) {
  history one({{"a", "b"}, {"c"}, {"b", "c"}});
  BOOST_TEST(one.twice_in({0, 1}).empty());
  BOOST_TEST((one.twice_in({0, 1, 2}) == paths{"b", "c"}));
  BOOST_TEST(one.twice_in({0, 2}).empty());
  BOOST_TEST(one.twice_in({0, 1}).empty());
}

BOOST_AUTO_TEST_CASE(a_manifest_that_comes_and_goes_leaves_nothing) {
  history one({{"a"}, {"a"}});
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(one.twice_in({0}).empty());
    BOOST_TEST(one.twice_in({1}).empty());
  }
  BOOST_TEST((one.twice_in({0, 1}) == paths{"a"}));
}

BOOST_AUTO_TEST_CASE(a_file_twice_in_one_manifest) {
  history one({{"a", "b", "a"}});
  BOOST_TEST((one.twice_in({0}) == paths{"a"}));
}

BOOST_AUTO_TEST_CASE(a_manifest_that_is_listed_twice) {
  history one({{"a"}, {"b"}});
  BOOST_TEST((one.twice_in({0, 1, 0}) == paths{"a"}));
  BOOST_TEST(one.twice_in({0, 1}).empty());
}

BOOST_AUTO_TEST_CASE(files_come_with_their_sizes) {
  live_path_count count;
  count.make_room_for(2);
  count.note(0, {{"a", 10}, {"b", 20}});
  count.note(1, {{"b", 20}});
  BOOST_TEST(count.count_of(0) == 2);
  BOOST_TEST(count.count_of(1) == 1);
  BOOST_REQUIRE(count.files().size() == 2u);
  BOOST_TEST(*count.files()[1].path == "b");
  BOOST_TEST(count.files()[1].size == 20);
}

BOOST_AUTO_TEST_SUITE_END()
