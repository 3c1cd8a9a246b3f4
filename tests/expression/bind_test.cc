#include "expression/bind.h"

#include <boost/test/unit_test.hpp>

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <random>

#include "base/error.h"
#include "expression/parse.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(bind_)

namespace {

field column(std::int32_t id, std::string name, type t, bool required = false) {
  field f;
  f.id = id;
  f.name = std::move(name);
  f.type = std::move(t);
  f.required = required;
  return f;
}

const schema &columns() {
  static const schema s(
      0, {
             column(1, "b", type_kind::boolean),
             column(2, "i", type_kind::int32),
             column(3, "l", type_kind::int64),
             column(4, "f", type_kind::float32),
             column(5, "d", type_kind::float64),
             column(6, "n", type::decimal(9, 2)),
             column(7, "day", type_kind::date),
             column(8, "tod", type_kind::time),
             column(9, "ts", type_kind::timestamp),
             column(10, "tz", type_kind::timestamptz),
             column(11, "ns", type_kind::timestamp_ns),
             column(12, "s", type_kind::string),
             column(13, "u", type_kind::uuid),
             column(14, "x", type::fixed(3)),
             column(15, "y", type_kind::binary),
             column(16, "r", type_kind::int32, true),
             column(17, "a.b", type_kind::int32),
             column(18, "st",
                    type::structure({column(19, "r", type_kind::int64, true), column(20, "o q", type_kind::string)})),
             column(21, "rs", type::structure({column(22, "r", type_kind::int64, true)}), true),
             column(23, "li", type::list(column(24, "element", type_kind::int32))),
             column(25, "un", type_kind::unknown),
             column(26, "va", type_kind::variant),
             column(27, "g", type::geometry({})),
             column(28, "ma",
                    type::map(column(29, "key", type_kind::string, true), column(30, "value", type_kind::int32))),
         });
  return s;
}

std::string bound_text(std::string_view filter) {
  return to_text(*evodb::bind(parse_filter(filter), columns()));
}

std::string failure_of(std::string_view filter) {
  try {
    return "accepted as " + bound_text(filter);
  } catch (const error &e) {
    BOOST_TEST((e.code() == status::INVALID_FILTER));
    return e.message();
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(literals_take_their_columns_type) {
  const std::pair<const char *, const char *> rows[] = {
      {"b = TRUE", "b = true"},
      {"b <> 'false'", "b <> false"},
      {"i = 12", "i = 12"},
      {"i = 1.2e1", "i = 12"},
      {"i = '12'", "i = 12"},
      {"l > 9223372036854775806", "l > 9223372036854775806"},
      {"f = 0.1", "f = 0.1"},
      {"d = 0.1", "d = 0.1"},
      {"d = -0", "d = -0"},
      {"d < 'Infinity'", "d < 'Infinity'"},
      {"d > '-inf'", "d > '-Infinity'"},
      {"d > 1e-999", "d > 0"},
      {"n = 1.5", "n = 1.50"},
      {"n = '1.50'", "n = 1.50"},
      {"n = 1e3", "n = 1000.00"},
      {"day = '2013-07-01'", "day = DATE '2013-07-01'"},
      {"day >= DATE '1969-12-31'", "day >= DATE '1969-12-31'"},
      {"tod = '22:31:08.000001'", "tod = '22:31:08.000001'"},
      {"ts = '2013-07-01'", "ts = TIMESTAMP '2013-07-01T00:00:00'"},
      {"ts = DATE '2013-07-01'", "ts = TIMESTAMP '2013-07-01T00:00:00'"},
      {"tz = TIMESTAMP '2013-07-01 02:00:00+02:00'", "tz = TIMESTAMP '2013-07-01T00:00:00+00:00'"},
      {"tz = '2013-07-01 00:00'", "tz = TIMESTAMP '2013-07-01T00:00:00+00:00'"},
      {"ns = '2013-07-01T00:00:00.000000001'", "ns = TIMESTAMP '2013-07-01T00:00:00.000000001'"},
      {"s = 'it''s'", "s = 'it''s'"},
      {"s = DATE '2013-07-01'", nullptr},
      {"u = 'F79C3E09-677C-4BBD-A479-3F349CB785E7'", "u = 'f79c3e09-677c-4bbd-a479-3f349cb785e7'"},
      {"u = X'F79C3E09677C4BBDA4793F349CB785E7'", "u = 'f79c3e09-677c-4bbd-a479-3f349cb785e7'"},
      {"x = X'0aff00'", "x = X'0aff00'"},
      {"x = '0aff00'", "x = X'0aff00'"},
      {"y < X''", "y < X''"},
      {"s LIKE 'a%'", "s STARTS WITH 'a'"},
      {"\"a.b\" = 1", "\"a.b\" = 1"},
      {"st.r = 1", "st.r = 1"},
      {"st.\"o q\" = 'x'", "st.\"o q\" = 'x'"},
      {"un IS NULL", "un IS NULL"},
      {"g IS NOT NULL", "g IS NOT NULL"},
  };
  for (const auto &[filter, expected] : rows) {
    if (expected) {
      BOOST_TEST(bound_text(filter) == expected);
    } else {
      BOOST_TEST((failure_of(filter).find("is no value of type") != std::string::npos));
    }
  }
}

BOOST_AUTO_TEST_CASE(numbers_that_no_value_equals_are_decided_by_arithmetic) {
  const std::pair<const char *, const char *> rows[] = {
      {"i < 3000000000", "i IS NOT NULL"},
      {"i <= 3000000000", "i IS NOT NULL"},
      {"i > 3000000000", "FALSE"},
      {"i >= 3000000000", "FALSE"},
      {"i <> 3000000000", "i IS NOT NULL"},
      {"i < -3000000000", "FALSE"},
      {"i >= -3000000000", "i IS NOT NULL"},
      {"r < 3000000000", "TRUE"},
      {"NOT i < 3000000000", "FALSE"},  // and not IS NULL: null is not known to be below
      {"NOT i > 3000000000", "i IS NOT NULL"},
      {"NOT i <> 3000000000", "FALSE"},
      {"NOT i <> 1.5", "FALSE"},
      {"NOT i <> 3000000000 OR NOT i >= 1.5", "i <= 1"},
      {"NOT d < 1e400", "NOT d <= 1.7976931348623157e+308"},
      {"i > 2147483646.5", "i > 2147483646"},
      {"i > 2147483647.5", "FALSE"},
      {"i < 1.5", "i <= 1"},
      {"i <= 1.5", "i <= 1"},
      {"i > 1.5", "i > 1"},
      {"i >= -1.5", "i > -2"},
      {"i <> 1.5", "i IS NOT NULL"},
      {"l < 1e999999999999", "l IS NOT NULL"},
      {"l > -0.5", "l > -1"},
      {"n < 1.234", "n <= 1.23"},
      {"n > -1.234", "n > -1.24"},
      {"n < 10000000", "n IS NOT NULL"},
      {"n > 9999999.99", "n > 9999999.99"},
      {"n > 9999999.995", "FALSE"},
      {"f < 1e39", "f <= 3.4028235e+38"},
      {"f > 1e39", "f > 3.4028235e+38"},
      {"f < -1e39", "f <= '-Infinity'"},
      {"d >= 1e400", "d > 1.7976931348623157e+308"},
      {"ns < '9999-12-31'", "ns IS NOT NULL"},
      {"ns > '9999-12-31'", "FALSE"},
      {"ts < '+300000-01-01'", "ts IS NOT NULL"},
  };
  for (const auto &[filter, expected] : rows) {
    BOOST_TEST(bound_text(filter) == expected);
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_at_its_character) {
  struct rejected {
    const char *filter;
    const char *problem;
    int at;
  };
  const rejected rows[] = {
      {"zz = 1", "unknown column zz", 1},
      {"i = 1 AND I = 2", "unknown column I (there is i: case counts)", 11},
      {"a.b = 1", "unknown column a.b", 1},
      {"ST.\"O q\" = ''", "unknown column ST.\"O q\" (there is st.\"o q\": case counts)", 1},
      {"li = 1", "type list", 1},
      {"li.element = 1", "inside a list or map", 1},
      {"ma.value IS NULL", "inside a list or map", 1},
      {"st = 1", "whether it is null", 1},
      {"st IS NAN", "whether it is null", 1},
      {"un = 1", "cannot be compared", 1},
      {"g = X''", "cannot be compared", 1},
      {"i = 3000000000", "3000000000 is out of the range of column i of type int", 5},
      {"i IN (1, 2.5)", "2.5 is no value of column i of type int", 10},
      {"i NOT IN (1, 99999999999)", "out of the range", 14},
      {"NOT i = 99999999999", "out of the range", 9},
      {"i = 'x'", "not a number: 'x'", 5},
      {"i = 1e5x", "malformed", 5},
      {"i = TRUE", "a boolean is no value of type int", 5},
      {"b = 1", "a number is no value of type boolean", 5},
      {"s = 1", "a number is no value of type string", 5},
      {"ts > 5", "a number is no value of type timestamp", 6},
      {"ts = '2013-07-01T00:00:00Z'", "has no zone", 6},
      {"ts = '2013-07-01T00:00:00.0000001'", "more digits", 6},
      {"day = TIMESTAMP '2013-07-01 00:00:00'", "TIMESTAMP", 17},
      {"day = '2013-02-30'", "day", 7},
      {"u = 'x'", "uuid", 5},
      {"x = X'00'", "1 bytes", 5},
      {"d = 'NaN'", "IS NAN", 5},
      {"i IS NAN", "float and double", 1},
      {"y LIKE 'a%'", "type string", 1},
      {"i STARTS WITH '1'", "type string", 1},
  };
  for (const rejected &row : rows) {
    const std::string message = failure_of(row.filter);
    BOOST_TEST_CONTEXT(row.filter << " -> " << message) {
      BOOST_TEST((message.find(row.problem) != std::string::npos));
      BOOST_TEST(message.ends_with(fmt::format("at character {}", row.at)));
    }
  }
}

BOOST_AUTO_TEST_CASE(not_is_pushed_down_and_constants_fold) {
  const std::pair<const char *, const char *> rows[] = {
      {"NOT (i = 1 AND s <> 'x')", "i <> 1 OR s = 'x'"},
      {"NOT (i < 1 OR i >= 5 OR b IS NULL)", "i >= 1 AND i < 5 AND b IS NOT NULL"},
      {"NOT (i IN (2,1,2) OR s LIKE 'a%')", "i NOT IN (1, 2) AND s NOT STARTS WITH 'a'"},
      {"NOT f IS NAN", "f IS NOT NAN"},
      {"NOT f < 5", "NOT f < 5"},
      {"NOT f = 5", "f <> 5"},
      {"NOT f > 5", "NOT f > 5"},
      {"NOT (NOT f > 5)", "f > 5"},
      {"NOT d >= 5 AND i = 1", "NOT d >= 5 AND i = 1"},
      {"i = 1 AND FALSE", "FALSE"},
      {"i = 1 OR TRUE", "TRUE"},
      {"i = 1 AND TRUE", "i = 1"},
      {"r IS NULL OR i = 1", "i = 1"},
      {"r IS NOT NULL", "TRUE"},
      {"st.r IS NULL", "st.r IS NULL"},
      {"rs.r IS NULL", "FALSE"},
      {"i IN (3)", "i = 3"},
      {"i NOT IN (3,3)", "i <> 3"},
      {"(i = 1 OR i = 2) AND s = 'x'", "(i = 1 OR i = 2) AND s = 'x'"},
  };
  for (const auto &[filter, expected] : rows) BOOST_TEST(bound_text(filter) == expected);
  const bound_ptr p = evodb::bind(parse_filter("s = 'x' OR i = 1 OR i IS NULL"), columns());
  BOOST_TEST(referenced_fields(*p) == (std::vector<std::int32_t>{2, 12}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(text_of_a_bound_filter_reads_back_to_itself) {
  for (const char *filter :
       {"b = true", "i IN (-2147483648, 2147483647)", "n <> -0.01", "tod < '23:59:59.999999'",
        "tz >= '1969-12-31T23:59:59.999999'", "ns = '1677-09-21T00:12:43.145224193'", "s IN ('', 'a''b', '%_\\', '😀')",
        "u < '80000000-0000-0000-0000-000000000000'", "x <> X'000000'", "day < '-0044-03-15'", "day > '+12013-01-01'",
        "(i = 1 OR NOT d > 2) AND (s IS NULL OR st.\"o q\" LIKE 'x%')"}) {
    const std::string once = bound_text(filter);
    BOOST_TEST(bound_text(once) == once);
  }
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_doubles_keep_every_bit) {
  std::mt19937_64 random(7);
  int kept = 0;
  while (kept < 100'000) {
    double number = 0;
    const std::uint64_t bits = random();
    std::memcpy(&number, &bits, sizeof number);
    if (!std::isfinite(number)) continue;
    const bound_ptr direct =
        evodb::bind(parse_filter(fmt::format("d = {}", fmt::format("{:.17g}", number))), columns());
    const bound_ptr again = evodb::bind(parse_filter(to_text(*direct)), columns());
    const bound_ptr by_json = evodb::bind(
        parse_filter_json(fmt::format(R"([{{"column":"d","operator":"=","value":{:.17g}}}])", number)), columns());
    for (const bound_ptr &read : {direct, again, by_json}) {
      const double got = std::get<double>(read->literals.front());
      if (std::memcmp(&got, &number, sizeof number) != 0)
        BOOST_FAIL(fmt::format("{:.17g} became {:.17g}", number, got));
    }
    ++kept;
  }
  BOOST_TEST(kept == 100'000);
}

BOOST_AUTO_TEST_CASE(a_megabyte_of_values_is_sorted_and_made_distinct) {
  std::string filter = "l IN (7";
  for (int i = 0; filter.size() < 1 << 20; ++i) filter += fmt::format(",{}", (i * 7919LL) % 50'000);
  BOOST_TEST(evodb::bind(parse_filter(filter + ")"), columns())->literals.size() == 50'000u);
}

BOOST_AUTO_TEST_CASE(what_is_no_primitive_can_be_tested_for_null) {
  BOOST_TEST(bound_text("st IS NULL") == "st IS NULL");
  BOOST_TEST(bound_text("NOT li IS NULL") == "li IS NOT NULL");
  BOOST_TEST(bound_text("ma IS NOT NULL") == "ma IS NOT NULL");
  BOOST_TEST(bound_text("va IS NULL") == "va IS NULL");
  BOOST_TEST(bound_text("rs IS NULL") == "FALSE");  // required
}

BOOST_AUTO_TEST_SUITE_END()
