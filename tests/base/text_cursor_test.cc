#include "base/text_cursor.h"

#include <boost/test/unit_test.hpp>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(text_cursor_test)

BOOST_AUTO_TEST_CASE(takes_words_keywords_and_numbers) {
  text_cursor at("test", " Not notable 042x");
  at.skip_spaces();
  BOOST_TEST(at.take_keyword("not"));
  at.skip_spaces();
  BOOST_TEST(!at.take_keyword("not"));
  BOOST_TEST(at.take_word() == "notable");
  BOOST_TEST(at.expect_int() == 42);
  BOOST_TEST(at.peek() == 'x');
  BOOST_TEST(at.take('x'));
  BOOST_TEST(at.at_end());
  BOOST_TEST(at.peek() == '\0');
}

BOOST_AUTO_TEST_CASE(quotes) {
  BOOST_TEST(text_cursor("test", R"("a.""b""")").expect_quoted() == R"(a."b")");
  BOOST_TEST(text_cursor("test", R"("")").expect_quoted().empty());
  CHECK_FAILS(text_cursor("test", "\"a").expect_quoted(), status::INVALID_ARGUMENT, "not closed at character 1");
  CHECK_FAILS(text_cursor("test", "\"a\"\"").expect_quoted(), status::INVALID_ARGUMENT, "not closed");
}

BOOST_AUTO_TEST_CASE(points_at_characters_and_not_at_bytes) {
  text_cursor at("test", "\u00e9\u20ac!");
  at.take_until("!");
  CHECK_FAILS(at.expect('?'), status::INVALID_ARGUMENT, "test does not parse: expected '?' at character 3");
}

BOOST_AUTO_TEST_CASE(numbers_that_are_too_large) {
  CHECK_FAILS(text_cursor("test", "99999999999").expect_int(), status::INVALID_ARGUMENT, "too large at character 1");
  CHECK_FAILS(text_cursor("test", "-1").expect_int(), status::INVALID_ARGUMENT, "expected a number");
}

BOOST_AUTO_TEST_SUITE_END()
