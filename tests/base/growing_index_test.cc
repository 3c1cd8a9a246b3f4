#include "base/growing_index.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(growing_index_test)

namespace {

const int *find(const growing_index<int> &in, std::uint64_t key) {
  return in.find(key, [](int) { return true; });
}

/// Spread over all 64 bits, and no two alike.
std::uint64_t key_of(int i) {
  return static_cast<std::uint64_t>(i) * 0x9E3779B97F4A7C15;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_value_is_found) {
  growing_index<int> index;
  BOOST_TEST(!find(index, 1));
  for (int i = 0; i < 20'000;) {
    std::vector<growing_index<int>::entry> more;
    for (int last = i + 1 + i % 7; i < last; ++i) more.push_back({key_of(i), i});
    index.add(std::move(more));
  }
  for (int i = 0; i < 20'000; ++i) {
    const int *found = find(index, key_of(i));
    if (found == nullptr || *found != i) BOOST_ERROR("not found: " << i);
  }
  BOOST_TEST(!find(index, key_of(30'000)));
}

BOOST_AUTO_TEST_CASE(values_share_a_key) {
  growing_index<int> index;
  index.add({{7, 1}, {7, 2}});
  index.add({{7, 3}});
  for (const int wanted : {1, 2, 3}) BOOST_TEST(index.find(7, [&](int value) { return value == wanted; }));
  BOOST_TEST(!index.find(7, [](int value) { return value == 4; }));
}

BOOST_AUTO_TEST_CASE(copies_grow_apart) {
  growing_index<int> first;
  first.add({{1, 1}});
  growing_index<int> second = first;
  first.add({{2, 2}});
  second.add({{3, 3}});
  BOOST_TEST((find(first, 1) && find(first, 2) && !find(first, 3)));
  BOOST_TEST((find(second, 1) && !find(second, 2) && find(second, 3)));
}

BOOST_AUTO_TEST_SUITE_END()
