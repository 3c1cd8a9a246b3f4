#include "model/bound_column.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(bound_columns)

BOOST_AUTO_TEST_CASE(short_bounds_stand_in_the_column_and_long_ones_in_the_arena) {
  bytes arena = "before";
  bound_column bounds;
  BOOST_TEST(bounds.empty());
  BOOST_TEST(!bounds.at(0, arena));
  bounds.resize(5);
  BOOST_TEST(!bounds.has_any());
  bounds.set(0, "", arena);
  bounds.set(1, "12345678", arena);
  BOOST_TEST(arena == "before");
  bounds.set(2, "123456789", arena);
  BOOST_TEST(arena == "before123456789");
  bounds.set(3, "abcd", arena);
  BOOST_TEST(bounds.has_any());
  BOOST_TEST(bounds.at(0, arena).value() == "");
  BOOST_TEST(bounds.at(1, arena).value() == "12345678");
  BOOST_TEST(bounds.at(2, arena).value() == "123456789");
  BOOST_TEST(bounds.at(3, arena).value() == "abcd");
  BOOST_TEST(!bounds.at(4, arena));
  bounds.clear(1);
  BOOST_TEST(!bounds.at(1, arena));
  bounds.resize(6);
  BOOST_TEST(bounds.size() == 6u);
  BOOST_TEST(!bounds.at(5, arena));
}

BOOST_AUTO_TEST_CASE(a_number_is_loaded_from_a_bound_of_just_its_width) {
  bytes arena;
  bound_column bounds;
  std::int32_t narrow = 0;
  std::int64_t wide = 0;
  BOOST_TEST(!bounds.load(0, wide));
  bounds.resize(4);
  append_le(arena, std::int64_t{-7});
  bounds.set(0, bytes(arena), arena);
  bounds.set(1, std::string_view("\xfe\xff\xff\xff", 4), arena);
  bounds.set(2, "longer than eight", arena);
  BOOST_TEST((bounds.load(0, wide) && wide == -7));
  BOOST_TEST((bounds.load(1, narrow) && narrow == -2));
  BOOST_TEST(!bounds.load(0, narrow));
  BOOST_TEST(!bounds.load(1, wide));
  BOOST_TEST(!bounds.load(2, wide));
  BOOST_TEST(!bounds.load(3, wide));
}

BOOST_AUTO_TEST_CASE(rows_move_with_their_arena) {
  bytes arena = "longer than eight";
  bound_column bounds, from;
  bytes from_arena;
  from.resize(3);
  from.set(0, "another long one", from_arena);
  from.set(1, "short", from_arena);
  arena += from_arena;
  const std::uint32_t offset = 17;
  for (std::size_t row = 0; row < 3; ++row) bounds.push_same(from, row, offset);
  bounds.push_same(bound_column(), 9, offset);
  BOOST_TEST(bounds.size() == 4u);
  BOOST_TEST(bounds.at(0, arena).value() == "another long one");
  BOOST_TEST(bounds.at(1, arena).value() == "short");
  BOOST_TEST(!bounds.at(2, arena));
  BOOST_TEST(!bounds.at(3, arena));
}

BOOST_AUTO_TEST_SUITE_END()
