#include "model/partition_check.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "base/utf8.h"
#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(partition_check)

namespace {

std::mt19937_64 engine(20261128);

std::size_t below(std::size_t n) {
  return engine() % n;
}

/// Small numbers, so that rows share partitions, and now and then an end of the range.
std::int64_t number(std::int64_t least, std::int64_t most) {
  if (below(20) == 0) return below(2) == 0 ? least : most;
  return static_cast<std::int64_t>(below(400)) - 200;
}

std::string octets(std::size_t size, bool is_text) {
  static const std::string letters[] = {"a", "b", "é", "\U0010FFFF", "z"};
  std::string made;
  for (std::size_t i = 0; i < size; ++i)
    made += is_text ? letters[below(5)] : std::string(1, static_cast<char>(below(2) == 0 ? below(3) : 255));
  return made;
}

value random_value(const type &t) {
  using limits32 = std::numeric_limits<std::int32_t>;
  using limits64 = std::numeric_limits<std::int64_t>;
  constexpr std::int64_t quarter_hour = 900'000'000;
  switch (t.kind()) {
    case type_kind::boolean:
      return below(2) == 0;
    case type_kind::int32:
    case type_kind::date:
      return static_cast<std::int32_t>(number(limits32::min(), limits32::max()));
    case type_kind::int64:
      return number(limits64::min(), limits64::max());
    case type_kind::time:
      return static_cast<std::int64_t>(below(96)) * quarter_hour;
    case type_kind::timestamp:
    case type_kind::timestamptz: {
      const std::int64_t n = number(limits64::min(), limits64::max());
      return n == limits64::min() || n == limits64::max() ? n : n * quarter_hour;
    }
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return number(-200, 200) * quarter_hour * 1'000;
    case type_kind::float32:
      return below(10) == 0 ? -0.0F : static_cast<float>(number(-200, 200)) / 4;
    case type_kind::float64:
      return below(10) == 0 ? -0.0 : static_cast<double>(number(-200, 200)) / 4;
    case type_kind::decimal:
      return int128{number(-9999, 9999)};
    case type_kind::string:
      return octets(below(6), true);
    case type_kind::binary:
      return octets(below(6), false);
    case type_kind::uuid:
      return octets(16, false);
    default:
      return octets(static_cast<std::size_t>(t.length()), false);
  }
}

/// Text as a writer cuts its bounds.
void cut(const type &t, column_facts &facts) {
  const bool is_text = t.is(type_kind::string);
  if (!is_text && !t.is(type_kind::binary)) return;
  const std::size_t width = 1 + below(4);
  const std::string lower = std::get<std::string>(*facts.lower), upper = std::get<std::string>(*facts.upper);
  facts.lower = lower.substr(0, is_text ? offset_of_code_point(lower, width) : width);
  const auto up = is_text ? truncate_up(upper, width) : truncate_bytes_up(upper, width);
  facts.upper = up ? std::optional<value>(*up) : std::nullopt;
}

const std::vector<type> types{
    type_kind::boolean,   type_kind::int32,       type_kind::int64,        type_kind::float32,
    type_kind::float64,   type::decimal(9, 2),    type_kind::date,         type_kind::time,
    type_kind::timestamp, type_kind::timestamptz, type_kind::timestamp_ns, type_kind::timestamptz_ns,
    type_kind::string,    type_kind::uuid,        type::fixed(3),          type_kind::binary};
const std::vector<std::string> transforms{"identity",  "year",      "month",       "day",         "hour",
                                          "bucket[4]", "bucket[1]", "truncate[2]", "truncate[10]"};

/// Facts of a file with these rows.
column_facts facts_of(const type &t, const std::vector<value> &rows) {
  column_facts facts;
  facts.value_count = static_cast<std::int64_t>(rows.size());
  facts.null_count = 0;
  facts.nan_count = 0;
  for (const value &row : rows) {
    if (!facts.lower || compare(t, row, *facts.lower) < 0) facts.lower = row;
    if (!facts.upper || compare(t, row, *facts.upper) > 0) facts.upper = row;
  }
  return facts;
}

std::optional<std::string> contradiction(const std::string &text, const type &t, const column_facts &facts,
                                         const value &given) {
  return partition_contradiction(transform::parse(text), t, "c", facts, given);
}

void check_says(const std::optional<std::string> &reason, const std::string &part) {
  BOOST_TEST_REQUIRE(reason.has_value(), "nothing was found, where it should be: " << part);
  BOOST_TEST(reason->find(part) != std::string::npos, *reason << " does not say " << part);
}

column_facts between(std::optional<value> lower, std::optional<value> upper, std::int64_t values = 10) {
  column_facts facts;
  facts.value_count = values;
  facts.lower = std::move(lower);
  facts.upper = std::move(upper);
  return facts;
}

constexpr std::int64_t hour = 3'600'000'000;

}  // namespace

BOOST_AUTO_TEST_CASE(files_of_one_partition_are_taken_and_those_of_another_are_not) {
  int taken = 0, refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    const type t = types[below(types.size())];
    const transform by = transform::parse(transforms[below(transforms.size())]);
    if (!by.can_transform(t)) continue;
    const type result = by.result_type(t);
    std::vector<value> rows{random_value(t)};
    const value partition = by.apply(t, rows[0]);
    for (std::size_t tries = below(20); tries > 0; --tries) {
      value another = random_value(t);
      if (compare(result, by.apply(t, another), partition) == 0) rows.push_back(std::move(another));
    }
    column_facts facts = facts_of(t, rows);
    const column_facts whole = facts;
    if (below(2) == 0) cut(t, facts);
    if (below(4) == 0) facts.null_count.reset();
    if (below(4) == 0) facts.lower.reset();
    if (below(4) == 0) facts.upper.reset();
    const auto context = by.to_text() + " of " + t.to_text() + ": " + to_short_text(result, partition);
    BOOST_TEST(!impossible_partition(by, t, partition), context);
    const auto reason = partition_contradiction(by, t, "c", facts, partition);
    BOOST_TEST(!reason, context << ", but " << reason.value_or(""));
    ++taken;

    const value other = by.apply(t, random_value(t));
    const bool differs = is_below(result, other, partition) || is_below(result, partition, other);
    const bool is_decided = by.preserves_order() ? !by.wraps(t, *whole.lower) && !by.wraps(t, *whole.upper)
                                                 : compare(t, *whole.lower, *whole.upper) == 0;
    if (differs && is_decided) {
      BOOST_TEST(partition_contradiction(by, t, "c", whole, other).has_value(),
                 context << " and " << to_short_text(result, other));
      ++refused;
    }
    BOOST_TEST(partition_contradiction(by, t, "c", whole, null_value{}).has_value(), context);
  }
  BOOST_TEST(taken > 5'000);
  BOOST_TEST(refused > 2'000);
}

BOOST_AUTO_TEST_CASE(a_bound_of_one_side_is_enough) {
  const auto lower_only = between(value(std::int64_t{7}), std::nullopt);
  BOOST_TEST(!contradiction("identity", type_kind::int64, lower_only, std::int64_t{7}));
  check_says(contradiction("identity", type_kind::int64, lower_only, std::int64_t{6}), "column c begins at 7");
  const auto upper_only = between(std::nullopt, value(std::int64_t{7}));
  check_says(contradiction("identity", type_kind::int64, upper_only, std::int64_t{8}), "column c ends at 7");
}

BOOST_AUTO_TEST_CASE(several_partitions_between_the_bounds_are_all_possible) {
  const auto hours = between(value(5 * hour), value(7 * hour));
  for (std::int32_t h = 5; h <= 7; ++h) BOOST_TEST(!contradiction("hour", type_kind::timestamp, hours, h));
  check_says(contradiction("hour", type_kind::timestamp, hours, 8), "column c spans 1970-01-01T05:00:00");
}

BOOST_AUTO_TEST_CASE(buckets_are_decided_by_a_single_value) {
  const value bucket = transform::parse("bucket[16]").apply(type_kind::int64, std::int64_t{34});
  const value another = (std::get<std::int32_t>(bucket) + 1) % 16;
  const auto single = between(value(std::int64_t{34}), value(std::int64_t{34}));
  BOOST_TEST(!contradiction("bucket[16]", type_kind::int64, single, bucket));
  check_says(contradiction("bucket[16]", type_kind::int64, single, another), "column c is 34 in every row");
  const auto two = between(value(std::int64_t{34}), value(std::int64_t{35}));
  BOOST_TEST(!contradiction("bucket[16]", type_kind::int64, two, another));
  // Two octets are no value of fixed(3), whatever cut them.
  const auto short_fixed = between(value(std::string("ab")), value(std::string("ab")));
  for (std::int32_t b = 0; b < 4; ++b) BOOST_TEST(!contradiction("bucket[4]", type::fixed(3), short_fixed, b));
}

BOOST_AUTO_TEST_CASE(nulls_are_a_partition_of_their_own) {
  column_facts facts = between(std::nullopt, std::nullopt);
  for (const char *by : {"identity", "bucket[16]", "truncate[1]"}) {
    facts.null_count.reset();
    BOOST_TEST(!contradiction(by, type_kind::int32, facts, null_value{}));
    BOOST_TEST(!contradiction(by, type_kind::int32, facts, 1));
    facts.null_count = 0;
    check_says(contradiction(by, type_kind::int32, facts, null_value{}), "column c holds no nulls");
    facts.null_count = 3;
    check_says(contradiction(by, type_kind::int32, facts, null_value{}), "column c holds 3 nulls among 10 values");
    check_says(contradiction(by, type_kind::int32, facts, 1), "column c holds 3 nulls among 10 values");
    facts.null_count = 10;
    BOOST_TEST(!contradiction(by, type_kind::int32, facts, null_value{}));
    check_says(contradiction(by, type_kind::int32, facts, 1), "column c holds nulls alone");
  }
  check_says(contradiction("identity", type_kind::int32, between(value(1), value(2)), null_value{}), "spans 1 to 2");
  const column_facts empty = between(std::nullopt, std::nullopt, 0);
  BOOST_TEST(!contradiction("identity", type_kind::int32, empty, null_value{}));
}

BOOST_AUTO_TEST_CASE(nan_is_a_partition_of_its_own_and_no_bound) {
  const double nan = std::nan("");
  for (const auto &one_sided : {between(value(1.5), std::nullopt), between(std::nullopt, value(1.5))})
    check_says(contradiction("identity", type_kind::float64, one_sided, nan), "at 1.5");
  column_facts facts = between(value(nan), value(nan));
  BOOST_TEST(!contradiction("identity", type_kind::float64, facts, 1.5));
  BOOST_TEST(!contradiction("identity", type_kind::float64, facts, nan));
  facts.nan_count = 4;
  check_says(contradiction("identity", type_kind::float64, facts, 1.5), "column c holds 4 NaN among 10 values");
  check_says(contradiction("identity", type_kind::float64, facts, nan), "column c holds 4 NaN among 10 values");
  column_facts without_bounds = between(std::nullopt, std::nullopt);
  without_bounds.nan_count = 4;
  check_says(contradiction("identity", type_kind::float64, without_bounds, null_value{}),
             "column c holds 4 NaN among 10 values");
  facts.nan_count = 10;
  BOOST_TEST(!contradiction("identity", type_kind::float64, facts, nan));
  const auto zero = between(value(0.0), value(0.0));
  BOOST_TEST(!contradiction("identity", type_kind::float64, zero, -0.0));
}

BOOST_AUTO_TEST_CASE(values_that_no_row_has) {
  const auto impossible = [](const char *by, const type &t, const value &given) {
    return impossible_partition(transform::parse(by), t, given);
  };
  for (const std::int32_t bucket : {-3, 16}) {
    check_says(impossible("bucket[16]", type_kind::int64, bucket), "bucket[16] gives 0 to 15");
  }
  BOOST_TEST(!impossible("bucket[16]", type_kind::int64, 15));
  check_says(impossible("truncate[10]", type_kind::int32, 13), "truncate[10] makes that 10");
  check_says(impossible("truncate[2]", type_kind::string, std::string("été")), "makes that ét");
  BOOST_TEST(!impossible("truncate[2]", type_kind::string, std::string("ét")));
  for (const char *by : {"identity", "truncate[10]"}) {
    check_says(impossible(by, type::decimal(9, 2), int128{-1'000'000'000}), "decimal(9,2) has at most 9 digits");
    BOOST_TEST(!impossible(by, type::decimal(9, 2), int128{-999'999'990}));
    BOOST_TEST(!impossible(by, type::decimal(10, 2), int128{-1'000'000'000}));
  }
  BOOST_TEST(!impossible("bucket[16]", type::decimal(9, 2), 15));
  check_says(impossible("void", type_kind::string, std::string("x")), "void gives null alone");
  BOOST_TEST(!impossible("void", type_kind::string, null_value{}));
  BOOST_TEST(!impossible("zorder", type_kind::string, std::string("x")));
}

BOOST_AUTO_TEST_CASE(the_failure_names_file_field_and_values) {
  partition_field p;
  p.name = "ts_month";
  p.transform = transform::parse("month");
  const auto call = [&] { fail_partition(p, type_kind::timestamp, 522, "column ts spans a to b", "data/a.parquet"); };
  CHECK_FAILS(call(), status::INVALID_ARGUMENT,
              "partition field ts_month of data/a.parquet is given as 522 (2013-07), but column ts spans a to b");
  BOOST_TEST(to_short_text(type_kind::string, std::string("\xff\xfe")) == "fffe");
}

BOOST_AUTO_TEST_CASE(a_column_is_never_null_where_all_around_it_is_required) {
  const auto within = [](bool parent_is_required) {
    return schema(0, keep_or_assign_ids({{0,
                                          "s",
                                          parent_is_required,
                                          type::structure({{0, "x", true, type_kind::int32, {}, {}, {}}}),
                                          {},
                                          {},
                                          {}}}));
  };
  for (const bool is_required : {true, false}) {
    const schema s = within(is_required);
    BOOST_TEST(s.is_never_null(s.find("s.x")->id) == is_required);
  }
}

BOOST_AUTO_TEST_SUITE_END()
