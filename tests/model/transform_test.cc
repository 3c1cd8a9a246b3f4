#include "model/transform.h"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>

#include "base/time.h"
#include "failure.h"
#include "model/schema.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(transform_test)

namespace {

value applied(const char *name, const type &source, const value &v) {
  return transform::parse(name).apply(source, v);
}

/// Both sides as text: the source as people write it, the result as in a partition path.
std::string human(const char *name, const type &source, const char *text) {
  const transform t = transform::parse(name);
  return t.to_human_text(source, t.apply(source, value_from_text(source, text)));
}

std::int32_t ordinal(const char *name, const type &source, const char *text) {
  return std::get<std::int32_t>(applied(name, source, value_from_text(source, text)));
}

}  // namespace

BOOST_AUTO_TEST_CASE(texts) {
  for (const char *text : {"identity", "bucket[16]", "truncate[10]", "year", "month", "day", "hour", "void"}) {
    BOOST_TEST(transform::parse(text).to_text() == text);
    BOOST_TEST(bool(transform::parse(text).kind != transform::kind::unknown));
  }
  BOOST_TEST(transform::parse("Bucket[16]").to_text() == "bucket[16]");
  BOOST_TEST(transform::parse("YEAR").to_text() == "year");
  for (const char *text :
       {"", "zorder", "bucket", "bucket[]", "bucket[0]", "bucket[-1]", "bucket[+1]", "bucket[99999999999]", "bucket[1",
        "bucket[1]x", "bucket [1]", "truncate[1.5]", "years", "month[3]", "[1]"}) {
    const transform unknown = transform::parse(text);
    BOOST_TEST(bool(unknown.kind == transform::kind::unknown), text);
    BOOST_TEST(unknown.to_text() == text);
  }
}

BOOST_AUTO_TEST_CASE(sources_and_results) {
  struct row {
    const char *name;
    std::vector<const char *> takes;
  };
  const char *all[] = {
      "boolean",  "int",       "long",        "float",        "double",         "decimal(9,2)",   "date",
      "time",     "timestamp", "timestamptz", "timestamp_ns", "timestamptz_ns", "string",         "uuid",
      "fixed[4]", "binary",    "variant",     "geometry",     "geography",      "struct<a: int>", "list<int>"};
  const row rows[] = {
      {"identity",
       {"boolean", "int", "long", "float", "double", "decimal(9,2)", "date", "time", "timestamp", "timestamptz",
        "timestamp_ns", "timestamptz_ns", "string", "uuid", "fixed[4]", "binary"}},
      {"bucket[4]",
       {"int", "long", "decimal(9,2)", "date", "time", "timestamp", "timestamptz", "timestamp_ns", "timestamptz_ns",
        "string", "uuid", "fixed[4]", "binary"}},
      {"truncate[4]", {"int", "long", "decimal(9,2)", "string", "binary"}},
      {"month", {"date", "timestamp", "timestamptz", "timestamp_ns", "timestamptz_ns"}},
      {"day", {"date", "timestamp", "timestamptz", "timestamp_ns", "timestamptz_ns"}},
      {"hour", {"timestamp", "timestamptz", "timestamp_ns", "timestamptz_ns"}},
      {"void", {std::begin(all), std::end(all)}},
  };
  for (const row &r : rows) {
    for (const char *source : all) {
      const bool takes = std::find(r.takes.begin(), r.takes.end(), std::string(source)) != r.takes.end();
      BOOST_TEST(transform::parse(r.name).can_transform(type::parse(source)) == takes, r.name << "(" << source << ")");
    }
  }
  const type source = type_kind::timestamp;
  BOOST_TEST(transform::parse("day").result_type(source).to_text() == "date");
  BOOST_TEST(transform::parse("hour").result_type(source).to_text() == "int");
  BOOST_TEST(transform::parse("bucket[2]").result_type(source).to_text() == "int");
  BOOST_TEST(transform::parse("identity").result_type(source).to_text() == "timestamp");
  BOOST_TEST(transform::parse("void").result_type(source).to_text() == "timestamp");
  BOOST_TEST(transform::parse("zorder").result_type(source).to_text() == "string");
}

BOOST_AUTO_TEST_CASE(null_gives_null) {
  for (const char *name : {"identity", "bucket[4]", "truncate[4]", "year", "month", "day", "hour", "void"}) {
    BOOST_TEST(is_null(applied(name, type_kind::timestamp, null_value{})));
    BOOST_TEST(transform::parse(name).to_human_text(type_kind::timestamp, null_value{}) == "null");
  }
  BOOST_TEST(is_null(applied("void", type_kind::int32, std::int32_t{1})));
  CHECK_FAILS(applied("zorder", type_kind::int32, null_value{}), status::UNSUPPORTED, "zorder");
}

BOOST_AUTO_TEST_CASE(truncation_of_numbers) {
  const auto int32 = [](int width, std::int32_t v) {
    return std::get<std::int32_t>(transform{transform::kind::truncate, width, {}}.apply(type_kind::int32, v));
  };
  const auto int64 = [](int width, std::int64_t v) {
    return std::get<std::int64_t>(transform{transform::kind::truncate, width, {}}.apply(type_kind::int64, v));
  };
  BOOST_TEST(int32(10, 1) == 0);
  BOOST_TEST(int32(10, -1) == -10);
  BOOST_TEST(int32(10, -10) == -10);
  BOOST_TEST(int32(10, 10) == 10);
  BOOST_TEST(int64(10, 1) == 0);
  BOOST_TEST(int64(10, -1) == -10);
  BOOST_TEST(int64(2147483647, -1) == -2147483647);
  BOOST_TEST(int32(2147483647, -2) == -2147483647);
  // As in Java, what is below the lowest multiple wraps around.
  BOOST_TEST(int32(10, std::numeric_limits<std::int32_t>::min()) == 2147483646);
  BOOST_TEST(int64(10, std::numeric_limits<std::int64_t>::min()) == 9223372036854775806);

  const type money = type::decimal(9, 2);
  const transform by_50{transform::kind::truncate, 50, {}}, by_10{transform::kind::truncate, 10, {}};
  BOOST_TEST(to_text(money, by_50.apply(money, value_from_text(money, "10.65"))) == "10.50");
  BOOST_TEST(to_text(money, by_10.apply(money, value_from_text(money, "12.34"))) == "12.30");
  BOOST_TEST(to_text(money, by_10.apply(money, value_from_text(money, "0.05"))) == "0.00");
  BOOST_TEST(to_text(money, by_10.apply(money, value_from_text(money, "-0.05"))) == "-0.10");
}

BOOST_AUTO_TEST_CASE(truncation_of_texts_and_bytes) {
  BOOST_TEST(human("truncate[3]", type_kind::string, "iceberg") == "ice");
  BOOST_TEST(human("truncate[3]", type_kind::string, "ic") == "ic");
  BOOST_TEST(human("truncate[2]", type_kind::string, "\U0001f600\U0001f601\U0001f602") == "\U0001f600\U0001f601");
  BOOST_TEST(std::get<std::string>(applied("truncate[3]", type_kind::binary, std::string("\1\2\3\4\5"))) == "\1\2\3");
}

BOOST_AUTO_TEST_CASE(times_around_1970) {
  struct row {
    const char *text;
    std::int32_t year, month, day, hour;
  };
  const row rows[] = {
      {"1970-01-01T00:00:00", 0, 0, 0, 0},
      {"1970-01-01T00:59:59.999999", 0, 0, 0, 0},
      {"1969-12-31T23:59:59.999999", -1, -1, -1, -1},
      {"1969-12-31T23:00:00", -1, -1, -1, -1},
      {"1969-12-31T22:59:59.999999", -1, -1, -1, -2},
      {"1969-01-01T00:00:00", -1, -12, -365, -8760},
      {"1968-12-31T23:59:59", -2, -13, -366, -8761},
      {"2017-11-16T22:31:08.000001", 47, 574, 17486, 419686},
      {"2013-07-01T05:00:00", 43, 522, 15887, 381293},
      {"1700-02-28T12:00:00", -270, -3239, -98557, -2365356},
  };
  for (const row &r : rows) {
    BOOST_TEST_CONTEXT(r.text) {
      for (const type_kind kind :
           {type_kind::timestamp, type_kind::timestamptz, type_kind::timestamp_ns, type_kind::timestamptz_ns}) {
        BOOST_TEST(ordinal("year", kind, r.text) == r.year);
        BOOST_TEST(ordinal("month", kind, r.text) == r.month);
        BOOST_TEST(ordinal("day", kind, r.text) == r.day);
        BOOST_TEST(ordinal("hour", kind, r.text) == r.hour);
      }
      const std::string date = std::string(r.text).substr(0, 10);
      BOOST_TEST(ordinal("year", type_kind::date, date.c_str()) == r.year);
      BOOST_TEST(ordinal("month", type_kind::date, date.c_str()) == r.month);
      BOOST_TEST(ordinal("day", type_kind::date, date.c_str()) == r.day);
    }
  }
}

BOOST_AUTO_TEST_CASE(texts_for_people) {
  const type_kind ts = type_kind::timestamp;
  BOOST_TEST(human("year", ts, "2013-07-01T05:00") == "2013");
  BOOST_TEST(human("month", ts, "2013-07-01T05:00") == "2013-07");
  BOOST_TEST(human("day", ts, "2013-07-01T05:00") == "2013-07-01");
  BOOST_TEST(human("hour", ts, "2013-07-01T05:00") == "2013-07-01-05");
  BOOST_TEST(human("month", ts, "1969-12-31T23:59") == "1969-12");
  BOOST_TEST(human("hour", ts, "1969-12-31T23:59") == "1969-12-31-23");
  BOOST_TEST(human("year", type_kind::date, "0099-01-01") == "0099");
  BOOST_TEST(human("year", type_kind::date, "-0001-01-01") == "-001");
  BOOST_TEST(human("year", type_kind::date, "+12345-01-01") == "12345");
  BOOST_TEST(human("identity", type_kind::date, "2013-07-01") == "2013-07-01");
  BOOST_TEST(human("bucket[16]", type_kind::int32, "34") == "3");
  BOOST_TEST(human("identity", type_kind::boolean, "true") == "true");
  BOOST_TEST(human("identity", type_kind::string, "a/b c") == "a/b c");
  BOOST_TEST(human("identity", type_kind::binary, "010203") == "AQID");
  BOOST_TEST(human("identity", type::fixed(1), "ff") == "/w==");
  BOOST_TEST(human("identity", type_kind::uuid, "f79c3e09-677c-4bbd-a479-3f349cb785e7") ==
             "f79c3e09-677c-4bbd-a479-3f349cb785e7");
  BOOST_TEST(human("void", type_kind::int32, "34") == "null");
  BOOST_TEST(transform::parse("zorder").to_human_text(type_kind::int32, std::string("x")) == "x");
}

BOOST_AUTO_TEST_CASE(times_for_people_have_javas_fractions) {
  BOOST_TEST(human("identity", type_kind::timestamp, "2017-12-01T10:12:55.038194") == "2017-12-01T10:12:55.038194");
  BOOST_TEST(human("identity", type_kind::timestamp, "2017-12-01T10:12:55.5") == "2017-12-01T10:12:55.5");
  BOOST_TEST(human("identity", type_kind::timestamp, "2017-12-01T10:12:00") == "2017-12-01T10:12:00");
  BOOST_TEST(human("identity", type_kind::timestamptz, "2017-12-01T10:12:55.5Z") == "2017-12-01T10:12:55.5+00:00");
  BOOST_TEST(human("identity", type_kind::timestamp_ns, "2017-12-01T10:12:55.038194789") ==
             "2017-12-01T10:12:55.038194789");
  BOOST_TEST(human("identity", type_kind::timestamptz_ns, "2017-12-01T10:12:55Z") == "2017-12-01T10:12:55+00:00");
  BOOST_TEST(human("identity", type_kind::time, "10:12:55.038194") == "10:12:55.038194");
  BOOST_TEST(human("identity", type_kind::time, "10:12:55.038") == "10:12:55.038");
  BOOST_TEST(human("identity", type_kind::time, "10:12:55.5") == "10:12:55.500");
  BOOST_TEST(human("identity", type_kind::time, "10:12:55") == "10:12:55");
  BOOST_TEST(human("identity", type_kind::time, "10:12") == "10:12");
}

BOOST_AUTO_TEST_CASE(numbers_for_people_are_javas) {
  const std::pair<const char *, const char *> doubles[] = {
      {"1", "1.0"},
      {"0", "0.0"},
      {"-0.0", "-0.0"},
      {"123456.789", "123456.789"},
      {"9999999", "9999999.0"},
      {"10000000", "1.0E7"},
      {"12345678", "1.2345678E7"},
      {"0.001", "0.001"},
      {"0.0001", "1.0E-4"},
      {"0.00123", "0.00123"},
      {"-1.5e300", "-1.5E300"},
      {"NaN", "NaN"},
      {"Infinity", "Infinity"},
      {"-Infinity", "-Infinity"},
      {"100", "100.0"},
  };
  for (const auto &[text, expected] : doubles) BOOST_TEST(human("identity", type_kind::float64, text) == expected);
  BOOST_TEST(human("identity", type_kind::float32, "0.1") == "0.1");
  BOOST_TEST(human("identity", type_kind::float32, "16777216") == "1.6777216E7");

  BOOST_TEST(human("identity", type::decimal(9, 2), "14.20") == "14.20");
  BOOST_TEST(human("identity", type::decimal(9, 0), "14") == "14");
  BOOST_TEST(human("identity", type::decimal(38, 10), "-0.0000012345") == "-0.0000012345");
  BOOST_TEST(human("identity", type::decimal(38, 10), "-0.0000001234") == "-1.234E-7");
  BOOST_TEST(human("identity", type::decimal(38, 10), "0") == "0E-10");
  BOOST_TEST(human("identity", type::decimal(38, 6), "0") == "0.000000");
}

BOOST_AUTO_TEST_CASE(order_is_preserved_as_promised) {
  std::mt19937_64 random(3);
  for (const char *name : {"identity", "truncate[7]", "year", "month", "day", "hour"}) {
    const transform t = transform::parse(name);
    BOOST_TEST(t.preserves_order());
    const type source = t.kind == transform::kind::truncate ? type_kind::int64 : type_kind::timestamp;
    const type result = t.result_type(source);
    for (int i = 0; i < 2'000; ++i) {
      // Hours outgrow an int in the year 246953; below that nothing wraps.
      const auto any = [&] { return static_cast<std::int64_t>(random()) >> (8 + random() % 50); };
      const std::int64_t a = any(), b = any();
      BOOST_REQUIRE(bool(compare(result, t.apply(source, std::min(a, b)), t.apply(source, std::max(a, b))) <= 0));
    }
  }
  for (const char *name : {"bucket[4]", "void", "zorder"}) BOOST_TEST(!transform::parse(name).preserves_order());
}

BOOST_AUTO_TEST_CASE(hostile_values_do_no_harm) {
  const auto lowest = std::numeric_limits<std::int64_t>::min(), highest = std::numeric_limits<std::int64_t>::max();
  for (const type_kind kind : {type_kind::timestamp, type_kind::timestamptz_ns}) {
    for (const char *name : {"identity", "bucket[3]", "year", "month", "day", "hour"}) {
      const transform t = transform::parse(name);
      for (const std::int64_t v : {lowest, highest}) BOOST_TEST(!t.to_human_text(kind, t.apply(kind, v)).empty());
    }
  }
  for (const char *name : {"year", "month", "day", "hour"}) {
    for (const std::int32_t v : {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()}) {
      BOOST_TEST(!transform::parse(name).to_human_text(type_kind::timestamp, v).empty());
    }
  }
  for (const std::int64_t v : {lowest, highest}) {
    BOOST_TEST(!transform::parse("identity").to_human_text(type_kind::time, v).empty());
  }
  CHECK_FAILS(applied("day", type_kind::date, std::string("x")), status::INVALID_ARGUMENT, "date");
}

BOOST_AUTO_TEST_SUITE_END()
