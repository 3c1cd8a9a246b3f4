#include "expression/project.h"

#include <boost/test/unit_test.hpp>

#include "expression/bind.h"
#include "expression/parse.h"
#include "expression/residual.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(projection)

namespace {

schema one_column(type t) {
  field f;
  f.id = 1;
  f.name = "c";
  f.type = std::move(t);
  return schema(0, {f});
}

partition_spec one_field(std::string_view transform_text) {
  partition_field f;
  f.source_ids = {1};
  f.field_id = 1000;
  f.name = "p";
  f.transform = transform::parse(transform_text);
  partition_spec spec;
  spec.fields = {f};
  return spec;
}

std::string projected(type t, std::string_view transform_text, std::string_view filter) {
  const schema s = one_column(std::move(t));
  return to_text(*project_inclusive(evodb::bind(parse_filter(filter), s), one_field(transform_text)));
}

std::string left(type t, std::string_view transform_text, std::string_view filter, std::optional<value> partition) {
  const schema s = one_column(std::move(t));
  return to_text(*residual(evodb::bind(parse_filter(filter), s), one_field(transform_text), {std::move(partition)}));
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_transform_keeps_what_it_knows) {
  struct expected {
    type source;
    const char *transform;
    const char *filter;
    const char *projected;
  };
  const expected rows[] = {
      {type_kind::int32, "identity", "c < 5 OR c IN (7, 9)", "p < 5 OR p IN (7, 9)"},
      {type_kind::int32, "bucket[16]", "c = 34", "p = 3"},
      {type_kind::int32, "bucket[16]", "c <> 34", "TRUE"},
      {type_kind::int32, "bucket[16]", "c < 34", "TRUE"},
      {type_kind::int32, "bucket[16]", "c IS NULL", "p IS NULL"},
      {type_kind::int32, "truncate[8]", "c < 16", "p <= 8"},
      {type_kind::int32, "truncate[8]", "c <= 16", "p <= 16"},
      {type_kind::int32, "truncate[8]", "c > 15", "p >= 16"},
      {type_kind::int32, "truncate[8]", "c > -3", "p >= -8"},
      {type_kind::int32, "truncate[8]", "c IN (1, 7, 9)", "p IN (0, 8)"},
      {type_kind::int32, "truncate[8]", "c < -2147483648", "FALSE"},
      {type_kind::int32, "truncate[8]", "c > 2147483647", "FALSE"},
      {type_kind::int32, "truncate[10]", "c < 5", "p <= 0 OR p = 2147483646"},  // the lowest integers wrap around
      {type_kind::int32, "truncate[10]", "c < -2147483642", "p = 2147483646"},
      {type_kind::int32, "truncate[10]", "c > -2147483647", "TRUE"},
      {type::decimal(9, 2), "truncate[50]", "c >= 1.99", "p >= 1.50"},
      {type_kind::string, "truncate[2]", "c < 'abc'", "p <= 'ab'"},
      {type_kind::string, "truncate[2]", "c > 'äöü'", "p >= 'äö'"},
      {type_kind::string, "truncate[2]", "c LIKE 'a%'", "p STARTS WITH 'a'"},
      {type_kind::string, "truncate[2]", "c LIKE 'äö%'", "p = 'äö'"},
      {type_kind::string, "truncate[2]", "c LIKE 'abc%'", "p = 'ab'"},
      {type_kind::string, "truncate[2]", "c NOT LIKE 'a%'", "p NOT STARTS WITH 'a'"},
      {type_kind::string, "truncate[2]", "c NOT LIKE 'ab%'", "p <> 'ab'"},
      {type_kind::string, "truncate[2]", "c NOT LIKE 'abc%'", "TRUE"},
      {type_kind::timestamp, "month", "c < '2013-07-01'", "p <= 521"},
      {type_kind::timestamp, "month", "c >= '2013-07-01'", "p >= 522"},
      {type_kind::timestamp, "month", "c <> '2013-07-01'", "TRUE"},
      {type_kind::timestamp, "day", "c > '2013-07-01 23:59:59.999999'", "p >= DATE '2013-07-02'"},
      {type_kind::timestamp, "hour", "c = '1970-01-01 01:30'", "p = 1"},
      // Hours that an int does not hold, which stand for "ever": they wrap around.
      {type_kind::timestamp, "hour", "c < '+294247-01-10 04:00:54.775807'", "TRUE"},
      {type_kind::timestamptz, "hour", "c <= '+294247-01-10'", "TRUE"},
      {type_kind::timestamp, "hour", "c > '-290000-01-01'", "TRUE"},
      {type_kind::timestamp, "hour", "c < '-290000-01-01'", "TRUE"},
      {type_kind::timestamp_ns, "year", "c = '1970-12-31'", "p = 0"},
      // Java up to 0.10 wrote these one too high.
      {type_kind::timestamp, "month", "c < '1969-12-01'", "p <= -1"},
      {type_kind::timestamp, "day", "c = '1969-12-31'", "p IN (DATE '1969-12-31', DATE '1970-01-01')"},
      {type_kind::date, "year", "c IN ('1969-01-01', '1970-01-01', '1960-01-01')", "p IN (-10, -9, -1, 0)"},
      {type_kind::date, "day", "c = '1969-12-31'", "p = DATE '1969-12-31'"},
      {type_kind::timestamp, "year", "c >= '1969-01-01'", "p >= -1"},
      {type_kind::int32, "void", "c = 1", "TRUE"},
      {type_kind::int32, "zorder", "c = 1", "TRUE"},
      {type_kind::float64, "identity", "NOT c > 1.5", "NOT p > 1.5"},
      {type_kind::float64, "identity", "c IS NAN", "p IS NAN"},
  };
  for (const expected &e : rows)
    BOOST_TEST(projected(e.source, e.transform, e.filter) == e.projected,
               e.transform << ' ' << e.filter << ": " << projected(e.source, e.transform, e.filter));
}

BOOST_AUTO_TEST_CASE(residuals_keep_only_what_the_partition_leaves_open) {
  const type ts = type_kind::timestamp;
  const char *const range = "c >= '2013-07-01' AND c < '2013-08-15'";
  BOOST_TEST(left(ts, "month", range, 521) == "FALSE");
  BOOST_TEST(left(ts, "month", range, 522) == "TRUE");
  BOOST_TEST(left(ts, "month", range, 523) == "c < TIMESTAMP '2013-08-15T00:00:00'");
  BOOST_TEST(left(ts, "month", range, null_value{}) == "FALSE");
  BOOST_TEST(left(type_kind::int32, "identity", "c <> 5", 5) == "FALSE");
  BOOST_TEST(left(type_kind::int32, "identity", "c <> 5", 6) == "TRUE");
  BOOST_TEST(left(type_kind::int32, "identity", "c < 5", null_value{}) ==
             "c < 5");  // SQL finds nothing, Java finds nulls
  BOOST_TEST(left(type_kind::int32, "identity", "c IS NULL OR c = 1", null_value{}) == "TRUE");
  BOOST_TEST(left(type_kind::int32, "bucket[16]", "c = 34", 4) == "FALSE");
  BOOST_TEST(left(type_kind::int32, "bucket[16]", "c = 34", 3) == "c = 34");
  BOOST_TEST(left(type_kind::float64, "identity", "c = 0.0", -0.0) == "c = 0");  // equal or not, as the reader sees it
  BOOST_TEST(left(type_kind::int64, "identity", "c = 5", std::int32_t{5}) == "TRUE");  // written before a promotion
  BOOST_TEST(left(type_kind::int32, "identity", "c = 5", std::string("x")) == "c = 5");
  BOOST_TEST(left(type_kind::timestamp, "void", range, null_value{}).starts_with("c >="));
  for (const char *filter : {"c = 5", "c IS NULL", "c IS NOT NULL"})  // of a value that is not known
    BOOST_TEST(left(type_kind::int32, "identity", filter, std::nullopt) == filter);
}

BOOST_AUTO_TEST_SUITE_END()
