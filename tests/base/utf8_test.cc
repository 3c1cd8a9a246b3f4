#include "base/utf8.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(utf8_test)

BOOST_AUTO_TEST_CASE(well_formed) {
  for (const std::string &text : {""s, "plain"s, "\0"s, "\u00e9"s, "\u20ac"s, "\U0001f600"s, "\xf4\x8f\xbf\xbf"s,
                                  "\xed\x9f\xbf"s, "\xee\x80\x80"s}) {
    BOOST_TEST(is_utf8(text));
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_text_are_escaped) {
  BOOST_TEST(with_escapes("plain \u20ac"s) == "plain \u20ac"s);
  BOOST_TEST(with_escapes("\xff\xfe"s) == R"(\xff\xfe)");
  BOOST_TEST(with_escapes("a\xe2\x82"s
                          "b\u20ac\x80"s) == "a\\xe2\\x82b\u20ac\\x80"s);
}

BOOST_AUTO_TEST_CASE(ill_formed) {
  const std::string texts[] = {
      "\x80"s,      // a continuation alone
      "\xc0\xaf"s,  // overlong
      "\xc1\xbf"s,
      "\xe0\x9f\xbf"s,
      "\xf0\x8f\xbf\xbf"s,
      "\xed\xa0\x80"s,  // surrogates
      "\xed\xbf\xbf"s,
      "\xf4\x90\x80\x80"s,  // above the last code point
      "\xf5\x80\x80\x80"s,
      "\xff"s,
      "\xc3"s,  // cut short
      "\xe2\x82"s,
      "\xf0\x9f\x98"s,
      "\xc3("s,
  };
  for (const std::string &text : texts) {
    BOOST_TEST(!is_utf8(text));
    BOOST_TEST(!is_utf8("a" + text + "b"));
    BOOST_TEST(!truncate_up(text + "more text", 1).has_value());
  }
}

BOOST_AUTO_TEST_CASE(offsets) {
  const std::string text = "a\u00e9\u20ac\U0001f600z";
  BOOST_TEST(offset_of_code_point(text, 0) == 0u);
  BOOST_TEST(offset_of_code_point(text, 1) == 1u);
  BOOST_TEST(offset_of_code_point(text, 2) == 3u);
  BOOST_TEST(offset_of_code_point(text, 3) == 6u);
  BOOST_TEST(offset_of_code_point(text, 4) == 10u);
  BOOST_TEST(offset_of_code_point(text, 5) == 11u);
  BOOST_TEST(offset_of_code_point(text, 99) == 11u);
}

BOOST_AUTO_TEST_CASE(upper_bounds_of_texts) {
  BOOST_TEST(truncate_up("abc", 3).value() == "abc");
  BOOST_TEST(truncate_up("abcd", 3).value() == "abd");
  BOOST_TEST(truncate_up("a\x7f"
                         "b",
                         2)
                 .value() == "a\u0080");
  BOOST_TEST(truncate_up("a\u07ff"
                         "b",
                         2)
                 .value() == "a\u0800");
  BOOST_TEST(truncate_up("a\uffff"
                         "b",
                         2)
                 .value() == "a\U00010000");
  BOOST_TEST(truncate_up("a\xed\x9f\xbf"
                         "b",
                         2)
                 .value() == "a\xee\x80\x80");  // steps over the surrogates
  BOOST_TEST(truncate_up("a\xf4\x8f\xbf\xbf"
                         "b",
                         2)
                 .value() == "b");  // the last code point cannot grow
  BOOST_TEST(!truncate_up("\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf", 1).has_value());
  BOOST_TEST(!truncate_up("a", 0).has_value());
  BOOST_TEST(truncate_up("", 0).value() == "");
}

BOOST_AUTO_TEST_CASE(upper_bounds_of_bytes) {
  BOOST_TEST(truncate_bytes_up("\x01\x02\x03", 2).value() == "\x01\x03");
  BOOST_TEST(truncate_bytes_up("\x01\x7f\x03", 2).value() == "\x01\x80");
  BOOST_TEST(truncate_bytes_up("\x01\xff\x03", 2).value() == "\x02");
  BOOST_TEST(!truncate_bytes_up("\xff\xff\x03", 2).has_value());
  BOOST_TEST(truncate_bytes_up("\xff\xff", 2).value() == "\xff\xff");
}

BOOST_AUTO_TEST_SUITE_END()
