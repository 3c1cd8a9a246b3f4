#include "table/scan/equality_bounds.h"

#include "failure.h"
#include "model/value.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(equality_bounds_test)

namespace {

constexpr std::int64_t rows = 10;

/// A column of a file of ten rows; counts of -1 are not known.
column_extent column(const type &of, std::int64_t nulls, std::int64_t nans, std::optional<bytes> lower,
                     std::optional<bytes> upper) {
  data_file file;
  file.file_path = "x";
  column_metrics metrics;
  metrics.field_id = 7;
  metrics.value_count = rows;
  metrics.null_value_count = nulls;
  metrics.nan_value_count = nans;
  metrics.lower_bound = std::move(lower);
  metrics.upper_bound = std::move(upper);
  file.metrics.push_back(std::move(metrics));
  data_files_builder builder(0, {}, {});
  builder.add(file);
  return extent_of(std::move(builder).finish(), 0, 7, of);
}

/// Without nulls and NaN.
column_extent between(const type &of, const value &lower, const value &upper) {
  return column(of, 0, 0, to_single_value(of, lower), to_single_value(of, upper));
}

bool may(const column_extent &a, const column_extent &b) {
  BOOST_TEST(may_have_equal(a, b) == may_have_equal(b, a));
  return may_have_equal(a, b);
}

}  // namespace

BOOST_AUTO_TEST_CASE(ranges_that_meet_may_hold_equal_values) {
  const auto number = [](std::int64_t lower, std::int64_t upper) { return between(type_kind::int64, lower, upper); };
  BOOST_TEST(may(number(0, 9), number(9, 20)));
  BOOST_TEST(may(number(3, 4), number(0, 9)));
  BOOST_TEST(!may(number(0, 9), number(10, 20)));
  BOOST_TEST(!may(number(-5, -1), number(0, 9)));  // signed
  BOOST_TEST(!may(number(256, 300), number(1, 255)));
  const auto text = [](const char *lower, const char *upper) {
    return between(type_kind::string, std::string(lower), std::string(upper));
  };
  BOOST_TEST(!may(text("a", "c"), text("ca", "\xc3\xbc")));  // octets are unsigned
  BOOST_TEST(may(text("a", "cb"), text("ca", "z")));
  const auto decimal = [](std::int64_t lower, std::int64_t upper) {
    return between(type::decimal(30, 2), int128{lower}, int128{upper});
  };
  BOOST_TEST(!may(decimal(-300, -1), decimal(0, 70000)));
  BOOST_TEST(may(decimal(-300, 5), decimal(0, 70000)));
}

BOOST_AUTO_TEST_CASE(a_bound_from_before_a_promotion_counts) {
  const column_extent before = column(type_kind::int64, 0, -1, to_single_value(type_kind::int32, std::int32_t{1}),
                                      to_single_value(type_kind::int32, std::int32_t{5}));
  BOOST_TEST(!may(between(type_kind::int64, std::int64_t{6}, std::int64_t{7}), before));
  BOOST_TEST(may(between(type_kind::int64, std::int64_t{5}, std::int64_t{7}), before));
}

BOOST_AUTO_TEST_CASE(what_is_not_known_may_be_equal) {
  const type number = type_kind::int64;
  const column_extent known = between(number, std::int64_t{1}, std::int64_t{5});
  const auto from = [&](std::int64_t lower) {
    return column(number, 0, -1, to_single_value(number, lower), std::nullopt);
  };
  BOOST_TEST(may(known, column(number, 0, -1, std::nullopt, std::nullopt)));
  BOOST_TEST(!may(known, from(6)));
  BOOST_TEST(may(known, from(5)));
  BOOST_TEST(may(known, column(number, 0, -1, bytes("xyz"), bytes("abc"))));  // no numbers
  const data_files no_files;
  BOOST_TEST(may(known, extent_of(no_files, 0, 7, number)));
  const std::string low(16, '\x01'), high(16, '\x7f');  // in which order?
  BOOST_TEST(may(between(type_kind::uuid, low, low), between(type_kind::uuid, high, high)));
}

BOOST_AUTO_TEST_CASE(null_equals_null) {
  const type number = type_kind::int64;
  const auto of = [&](std::int64_t nulls, std::int64_t bound) {
    const std::optional<bytes> known = nulls == rows ? std::nullopt : std::optional(to_single_value(number, bound));
    return column(number, nulls, -1, known, known);
  };
  BOOST_TEST(may(of(1, 1), of(1, 2)));      // both have null
  BOOST_TEST(!may(of(1, 1), of(0, 2)));     // one has, and the bounds are apart
  BOOST_TEST(!may(of(rows, 0), of(0, 2)));  // nothing but null, and none
  BOOST_TEST(may(of(rows, 0), of(rows, 0)));
  BOOST_TEST(may(of(-1, 1), of(1, 2)));  // perhaps there is
  BOOST_TEST(may(of(-1, 1), of(-1, 2)));
  BOOST_TEST(!may(of(-1, 1), of(0, 2)));
}

BOOST_AUTO_TEST_CASE(nan_equals_nan_and_the_zeroes_are_equal) {
  for (const type &floating : {type(type_kind::float32), type(type_kind::float64)}) {
    const auto of = [&](std::int64_t nans, double number) {
      const bytes bound = floating.is(type_kind::float32) ? to_single_value(floating, static_cast<float>(number))
                                                          : to_single_value(floating, number);
      return column(floating, 0, nans, bound, bound);
    };
    BOOST_TEST(!may(of(0, 1), of(0, 2)));
    BOOST_TEST(!may(of(1, 1), of(0, 2)));
    BOOST_TEST(may(of(1, 1), of(1, 2)));
    BOOST_TEST(may(of(-1, 1), of(-1, 2)));
    BOOST_TEST(may(of(0, 0.0), of(0, -0.0)));
    BOOST_TEST(!may(of(0, -1), of(0, -0.0)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
