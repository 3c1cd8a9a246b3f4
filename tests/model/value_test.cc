#include "model/value.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "failure.h"
#include "model/schema.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(value_test)

namespace {

value read(const type &t, const char *text) {
  return value_from_text(t, text);
}
std::string again(const type &t, const char *text) {
  return to_text(t, read(t, text));
}

}  // namespace

BOOST_AUTO_TEST_CASE(texts) {
  BOOST_TEST(again(type_kind::boolean, "TRUE") == "true");
  BOOST_TEST(again(type_kind::int32, "+2147483647") == "2147483647");
  BOOST_TEST(again(type_kind::int64, "-9223372036854775808") == "-9223372036854775808");
  BOOST_TEST(again(type_kind::float32, "0.1") == "0.1");
  BOOST_TEST(again(type_kind::float64, "1.5e3") == "1500");
  BOOST_TEST(again(type_kind::float64, "-inf") == "-Infinity");
  BOOST_TEST(again(type_kind::float32, "nan") == "NaN");
  BOOST_TEST(again(type_kind::float64, "-0") == "-0");
  BOOST_TEST(again(type::decimal(5, 2), "1e1") == "10.00");
  BOOST_TEST(again(type_kind::date, "2013-07-01") == "2013-07-01");
  BOOST_TEST(again(type_kind::time, "05:06") == "05:06:00");
  BOOST_TEST(again(type_kind::timestamp, "2013-07-01") == "2013-07-01T00:00:00");
  BOOST_TEST(again(type_kind::timestamptz, "2013-07-01 00:00:00") == "2013-07-01T00:00:00+00:00");
  BOOST_TEST(again(type_kind::timestamptz, "2013-07-01T00:00:00.5+05:30") == "2013-06-30T18:30:00.500000+00:00");
  BOOST_TEST(again(type_kind::timestamptz_ns, "2013-07-01T00:00:00.000000001Z") ==
             "2013-07-01T00:00:00.000000001+00:00");
  BOOST_TEST(again(type_kind::timestamp, "1372636800123") == "2013-07-01T00:00:00.123000");  // epoch milliseconds
  BOOST_TEST(again(type_kind::string, "it's \u20ac") == "it's \u20ac");
  BOOST_TEST(again(type_kind::uuid, "F79C3E09-677C-4BBD-A479-3F349CB785E7") == "f79c3e09-677c-4bbd-a479-3f349cb785e7");
  BOOST_TEST(again(type::fixed(2), "0AfF") == "0aff");
  BOOST_TEST(again(type_kind::binary, "") == "");
  BOOST_TEST(to_text(type_kind::int32, null_value{}) == "null");
}

BOOST_AUTO_TEST_CASE(texts_that_are_refused) {
  const std::pair<type, const char *> cases[] = {
      {type_kind::boolean, "1"},
      {type_kind::int32, ""},
      {type_kind::int32, "2147483648"},
      {type_kind::int32, "1.0"},
      {type_kind::int32, " 1"},
      {type_kind::int32, "+-1"},
      {type_kind::int64, "9223372036854775808"},
      {type_kind::float32, "1e39"},
      {type_kind::float64, "1e400"},
      {type_kind::float64, "nan(0)"},
      {type_kind::float64, ""},
      {type_kind::float64, "-"},
      {type_kind::float64, "0x1p3"},
      {type_kind::float64, "--1"},
      {type::decimal(5, 2), "0.001"},
      {type::decimal(5, 2), "1000"},
      {type_kind::date, "2013-07-01T00:00"},
      {type_kind::date, "20130701"},
      {type_kind::time, "25:00"},
      {type_kind::timestamp, "2013-07-01T00:00Z"},
      {type_kind::timestamp_ns, "2013-07-01T00:00+01:00"},
      {type_kind::timestamp, "2013-07-01T00:00:00.0000001"},
      {type_kind::timestamp_ns, "2300-01-01"},
      {type_kind::timestamp, "9223372036854775807"},
      {type_kind::uuid, "f79c3e09"},
      {type::fixed(2), "00"},
      {type_kind::binary, "0"},
      {type_kind::variant, "1"},
      {type_kind::unknown, "null"},
  };
  for (const auto &[t, text] : cases) {
    BOOST_TEST_CONTEXT(t.to_text() << " '" << text << "'") {
      CHECK_FAILS(value_from_text(t, text), status::INVALID_ARGUMENT);
    }
  }
  CHECK_FAILS(value_from_text(type_kind::timestamp, "2013-07-01T00:00Z"), status::INVALID_ARGUMENT, "has no zone");
}

BOOST_AUTO_TEST_CASE(floats_are_ordered_totally) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const double ascending[] = {-nan, -infinity, -1.5, -0.0, 0.0, 1.5, infinity, nan};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      BOOST_TEST(bool(compare(type_kind::float64, ascending[i], ascending[j]) == (i <=> j)));
      const auto a = static_cast<float>(ascending[i]), b = static_cast<float>(ascending[j]);
      BOOST_TEST(bool(compare(type_kind::float32, a, b) == (i <=> j)));
    }
  }
}

BOOST_AUTO_TEST_CASE(texts_and_bytes_are_ordered_as_unsigned) {
  const std::string low("a\x7f"), high("a\xc3\xa9");
  for (const type &t : {type(type_kind::string), type(type_kind::binary), type::fixed(2)}) {
    BOOST_TEST(bool(compare(t, low, high) < 0));
    BOOST_TEST(bool(compare(t, std::string("a"), low) < 0));
    BOOST_TEST(bool(compare(t, low, low) == 0));
  }
  const value small = read(type_kind::uuid, "7fffffff-0000-0000-0000-000000000000");
  const value large = read(type_kind::uuid, "80000000-0000-0000-0000-000000000000");
  BOOST_TEST(bool(compare(type_kind::uuid, small, large) < 0));
}

BOOST_AUTO_TEST_CASE(other_orders) {
  BOOST_TEST(bool(compare(type_kind::boolean, false, true) < 0));
  BOOST_TEST(bool(compare(type_kind::int64, std::int64_t{-1}, std::int64_t{1}) < 0));
  BOOST_TEST(bool(compare(type::decimal(38, 0), int128{-1}, power_of_ten(37)) < 0));
  CHECK_FAILS(compare(type_kind::int32, std::int64_t{1}, std::int32_t{1}), status::INVALID_ARGUMENT, "int");
  CHECK_FAILS(compare(type_kind::variant, std::string(), std::string()), status::INVALID_ARGUMENT, "no order");
}

BOOST_AUTO_TEST_CASE(promotions) {
  BOOST_TEST(std::get<std::int64_t>(promote(type_kind::int32, type_kind::int64, std::int32_t{-7})) == -7);
  BOOST_TEST(std::get<double>(promote(type_kind::float32, type_kind::float64, 0.5f)) == 0.5);
  BOOST_TEST(bool(std::get<int128>(promote(type::decimal(5, 2), type::decimal(9, 2), int128{7})) == 7));
  BOOST_TEST(std::get<std::int64_t>(promote(type_kind::date, type_kind::timestamp, std::int32_t{-1})) ==
             -86'400'000'000);
  BOOST_TEST(is_null(promote(type_kind::unknown, type_kind::int32, null_value{})));
  CHECK_FAILS(promote(type_kind::date, type_kind::timestamp_ns, std::int32_t{200'000}), status::INVALID_ARGUMENT,
              "out of range");
  CHECK_FAILS(promote(type_kind::int64, type_kind::int32, std::int64_t{1}), status::INVALID_ARGUMENT,
              "long cannot be read as int");
}

BOOST_AUTO_TEST_CASE(alternatives) {
  BOOST_TEST(is_value_of(type_kind::int32, std::int32_t{1}));
  BOOST_TEST(!is_value_of(type_kind::int32, std::int64_t{1}));
  BOOST_TEST(is_value_of(type_kind::variant, null_value{}));
  BOOST_TEST(!is_value_of(type_kind::variant, std::string("x")));
  BOOST_TEST(is_value_of(type::fixed(2), std::string("ab")));
  BOOST_TEST(!is_value_of(type::fixed(2), std::string("abc")));
  BOOST_TEST(!is_value_of(type_kind::uuid, std::string("abc")));
  BOOST_TEST(is_value_of(type::structure({}), struct_default{}));
  BOOST_TEST(is_nan(std::numeric_limits<float>::quiet_NaN()));
  BOOST_TEST(!is_nan(1.0));
  BOOST_TEST(!is_nan(std::string("NaN")));
}

BOOST_AUTO_TEST_CASE(random_values_survive_text_and_bytes) {
  std::mt19937_64 random(11);
  const auto check = [](const type &t, const value &v) {
    BOOST_TEST_CONTEXT(t.to_text() << " " << to_text(t, v)) {
      BOOST_REQUIRE(bool(compare(t, value_from_text(t, to_text(t, v)), v) == 0));
      BOOST_REQUIRE(bool(compare(t, from_single_value(t, to_single_value(t, v)), v) == 0));
    }
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t bits = random() >> (random() % 64);
    const auto wide = static_cast<std::int64_t>(random() % 2 ? bits : ~bits);
    const auto narrow = static_cast<std::int32_t>(wide);
    check(type_kind::int32, narrow);
    check(type_kind::int64, wide);
    check(type_kind::date, narrow);
    check(type_kind::time, wide < 0 ? ~wide % 86'400'000'000 : wide % 86'400'000'000);
    for (const type_kind kind :
         {type_kind::timestamp, type_kind::timestamptz, type_kind::timestamp_ns, type_kind::timestamptz_ns}) {
      check(kind, wide);
    }
    const auto real = std::bit_cast<double>(random());
    if (!std::isnan(real)) check(type_kind::float64, real);
    const auto single = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    if (!std::isnan(single)) check(type_kind::float32, single);
    check(type::decimal(38, static_cast<int>(random() % 39)), int128{wide} * narrow % power_of_ten(38));
    bytes data(random() % 20, '\0');
    for (char &c : data) c = static_cast<char>(random());
    check(type_kind::binary, data);
    check(type::fixed(static_cast<int>(data.size())), data);
    data.resize(16);
    check(type_kind::uuid, data);
  }
}

BOOST_AUTO_TEST_SUITE_END()
