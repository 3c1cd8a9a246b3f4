#include "base/uuid.h"

#include <boost/test/unit_test.hpp>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(uuid_test)

BOOST_AUTO_TEST_CASE(text_round_trip) {
  const uuid id = uuid::parse("f79c3e09-677c-4bbd-a479-3f349cb785e7");
  BOOST_TEST(id.to_text() == "f79c3e09-677c-4bbd-a479-3f349cb785e7");
  BOOST_TEST(id.octets.front() == 0xf7);
  BOOST_TEST(id.high() == 0xf79c3e09677c4bbdu);
  BOOST_TEST(id.low() == 0xa4793f349cb785e7u);
  BOOST_TEST(bool(uuid::parse("F79C3E09-677C-4BBD-A479-3F349CB785E7") == id));
}

BOOST_AUTO_TEST_CASE(random_ones_are_version_4) {
  std::array<std::uint8_t, 16> all_ones;
  all_ones.fill(0xff);
  BOOST_TEST(uuid::from_random(all_ones).to_text() == "ffffffff-ffff-4fff-bfff-ffffffffffff");
  BOOST_TEST(uuid::from_random({}).to_text() == "00000000-0000-4000-8000-000000000000");
}

BOOST_AUTO_TEST_CASE(ordered_as_unsigned) {
  BOOST_TEST(
      bool(uuid::parse("80000000-0000-0000-0000-000000000000") > uuid::parse("7fffffff-0000-0000-0000-000000000000")));
}

BOOST_AUTO_TEST_CASE(texts_that_are_none) {
  for (const char *text : {"", "f79c3e09677c4bbda4793f349cb785e7", "f79c3e09-677c-4bbd-a479-3f349cb785e",
                           "f79c3e09-677c-4bbd-a479-3f349cb785e7a", "g79c3e09-677c-4bbd-a479-3f349cb785e7",
                           "f79c3e0-9677c-4bbd-a479-3f349cb785e7", "{79c3e09-677c-4bbd-a479-3f349cb785e}",
                           "f79c3e09-677c-4bbd-a479-3f349cb785-7"}) {
    CHECK_FAILS(uuid::parse(text), status::INVALID_ARGUMENT, "not a uuid");
  }
}

BOOST_AUTO_TEST_SUITE_END()
