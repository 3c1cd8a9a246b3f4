#include "base/time.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(time_test)

namespace {

constexpr std::int64_t micros = 1'000'000, nanos = 1'000'000'000;

std::int64_t instant(const char *text, std::int64_t units_per_second) {
  return parse_timestamp(text).instant(units_per_second);
}

}  // namespace

BOOST_AUTO_TEST_CASE(floor_division) {
  BOOST_TEST(floor_div(7, 2) == 3);
  BOOST_TEST(floor_div(-7, 2) == -4);
  BOOST_TEST(floor_div(-8, 2) == -4);
  BOOST_TEST(floor_mod(-7, 2) == 1);
  BOOST_TEST(floor_mod(-8, 2) == 0);
  BOOST_TEST(floor_mod(std::numeric_limits<std::int64_t>::min(), 1'000) == 192);
  BOOST_TEST(floor_div(std::numeric_limits<std::int64_t>::min(), 1'000) == -9223372036854776);
}

BOOST_AUTO_TEST_CASE(days_of_known_dates) {
  BOOST_TEST(days_from_civil({1970, 1, 1}) == 0);
  BOOST_TEST(days_from_civil({1969, 12, 31}) == -1);
  BOOST_TEST(days_from_civil({2017, 11, 16}) == 17486);
  BOOST_TEST(days_from_civil({2000, 2, 29}) == 11016);
  BOOST_TEST(days_from_civil({0, 3, 1}) == -719468);
}

BOOST_AUTO_TEST_CASE(every_day_follows_the_one_before) {
  civil_date before = civil_from_days(-1'000'001);
  for (std::int32_t day = -1'000'000; day <= 1'000'000; ++day) {
    const civil_date date = civil_from_days(day);
    BOOST_REQUIRE(days_from_civil(date) == day);
    const bool next_day = date.year == before.year && date.month == before.month && date.day == before.day + 1;
    const bool next_month =
        date.year == before.year && date.month == before.month + 1 && date.day == 1 && before.day >= 28;
    const bool next_year =
        date.year == before.year + 1 && date.month == 1 && date.day == 1 && before.month == 12 && before.day == 31;
    BOOST_REQUIRE((next_day || next_month || next_year));
    before = date;
  }
}

BOOST_AUTO_TEST_CASE(the_first_and_the_last_day) {
  for (const std::int32_t day : {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()}) {
    BOOST_TEST(days_from_civil(civil_from_days(day)) == day);
    BOOST_TEST(parse_date(date_to_text(day)) == day);
  }
}

BOOST_AUTO_TEST_CASE(texts) {
  BOOST_TEST(date_to_text(15887) == "2013-07-01");
  BOOST_TEST(date_to_text(days_from_civil({-1, 1, 1})) == "-0001-01-01");
  BOOST_TEST(date_to_text(days_from_civil({12345, 1, 1})) == "+12345-01-01");
  BOOST_TEST(time_to_text(81'068'000'000) == "22:31:08");
  BOOST_TEST(time_to_text(81'068'000'001) == "22:31:08.000001");
  BOOST_TEST(timestamp_to_text(0) == "1970-01-01T00:00:00");
  BOOST_TEST(timestamp_to_text(-1) == "1969-12-31T23:59:59.999999");
  BOOST_TEST(timestamp_ns_to_text(-1) == "1969-12-31T23:59:59.999999999");
  BOOST_TEST(timestamp_ns_to_text(1'510'871'468'000'001'001) == "2017-11-16T22:31:08.000001001");
}

BOOST_AUTO_TEST_CASE(parsed_timestamps) {
  BOOST_TEST(instant("2017-11-16T22:31:08", micros) == 1'510'871'468'000'000);
  BOOST_TEST(instant("2017-11-16 22:31:08.000001", micros) == 1'510'871'468'000'001);
  BOOST_TEST(instant("2017-11-16T14:31:08-08:00", micros) == 1'510'871'468'000'000);
  BOOST_TEST(instant("2017-11-16T22:31:08Z", 1'000) == 1'510'871'468'000);
  BOOST_TEST(instant("2017-11-16T22:31:08.000001001", nanos) == 1'510'871'468'000'001'001);
  BOOST_TEST(instant("2013-07-01", micros) == 1'372'636'800'000'000);
  BOOST_TEST(instant("2013-07-01T05:30", 1'000) == 1'372'656'600'000);
  BOOST_TEST(instant("1969-12-31T23:59:59.5", 1'000) == -500);
  BOOST_TEST(!parse_timestamp("2013-07-01").has_time);
  BOOST_TEST(!parse_timestamp("2013-07-01T00:00").has_offset);
  BOOST_TEST(parse_timestamp("2013-07-01T00:00+05:30").offset_minutes == 330);
}

BOOST_AUTO_TEST_CASE(instants_that_do_not_fit) {
  CHECK_FAILS(instant("2017-11-16T22:31:08.0000001", micros), status::INVALID_ARGUMENT, "more digits");
  CHECK_FAILS(instant("2300-01-01", nanos), status::INVALID_ARGUMENT, "out of the range");
  CHECK_FAILS(instant("+999999-01-01", micros), status::INVALID_ARGUMENT, "out of the range");
  BOOST_TEST(timestamp_ns_to_text(std::numeric_limits<std::int64_t>::min()) == "1677-09-21T00:12:43.145224192");
  BOOST_TEST(instant("1677-09-21T00:12:43.145224192", nanos) == std::numeric_limits<std::int64_t>::min());
  BOOST_TEST(instant(timestamp_to_text(std::numeric_limits<std::int64_t>::max()).c_str(), micros) ==
             std::numeric_limits<std::int64_t>::max());
}

BOOST_AUTO_TEST_CASE(errors_point_at_the_character) {
  const std::pair<const char *, const char *> cases[] = {
      {"", "character 1"},
      {"213-07-01", "character 1"},
      {"2013/07/01", "expected '-' at character 5"},
      {"2013-13-01", "month (01 to 12) at character 6"},
      {"2013-02-29", "day (01 to 28) at character 9"},
      {"2013-07-1", "day (01 to 31) at character 9"},
      {"2013-07-01T", "hour (00 to 23) at character 12"},
      {"2013-07-01T24:00", "character 12"},
      {"2013-07-01T05", "expected ':' at character 14"},
      {"2013-07-01T05:60", "character 15"},
      {"2013-07-01T05:30:61", "character 18"},
      {"2013-07-01T05:30:00.", "fraction of a second at character 21"},
      {"2013-07-01T05:30:00.1234567890", "expected the end at character 30"},
      {"2013-07-01T05:30z", "expected the end at character 17"},
      {"2013-07-01T05:30+5", "hours of the zone"},
      {"2013-07-01T05:30+19:00", "hours of the zone"},
      {"2013-07-01 05:30 ", "expected the end at character 17"},
      {"+9999999-01-01", "out of range at character 1"},
      {"12013-07-01", "expected '-' at character 5"},
  };
  for (const auto &[text, part] : cases) CHECK_FAILS(parse_timestamp(text), status::INVALID_ARGUMENT, part);
  CHECK_FAILS(parse_date("2013-07-01T00:00"), status::INVALID_ARGUMENT, "character 11");
}

BOOST_AUTO_TEST_CASE(times_of_the_day) {
  BOOST_TEST(parse_time("22:31:08") == 81'068'000'000);
  BOOST_TEST(parse_time("22:31") == 81'060'000'000);
  BOOST_TEST(parse_time("22:31:08.5") == 81'068'500'000);
  BOOST_TEST(parse_time("23:59:59.999999") == 86'399'999'999);
  CHECK_FAILS(parse_time("23:59:59.9999999"), status::INVALID_ARGUMENT, "character 16");
  CHECK_FAILS(parse_time("24:00"), status::INVALID_ARGUMENT, "character 1");
}

BOOST_AUTO_TEST_SUITE_END()
