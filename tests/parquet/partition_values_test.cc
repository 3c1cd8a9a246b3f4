#include "parquet/partition_values.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <string>

#include "failure.h"
#include "table_builder.h"

using namespace evodb;
using namespace evodb::testing;
using pt = physical_type;

BOOST_AUTO_TEST_SUITE(partition_values)

namespace {

constexpr std::int64_t hour = 3'600'000'000;
const leaf_options timestamp_column{.logical = time_logical(8, time_unit::micros, false)};
const leaf_options text_column{.logical = logical(string_logical)};

template <typename T>
inspection of_numbers(pt physical, leaf_options options, type t, std::string transform_text, T lower, T upper,
                      chunk_facts more = {}) {
  more.lower = plain(lower);
  more.upper = plain(upper);
  inspection i = one_column(physical, std::move(options), std::move(t), {std::move(more)});
  i.spec = make_spec({{1, std::move(transform_text)}});
  return i;
}

inspection of_hours(std::string transform_text, std::int64_t lower, std::int64_t upper) {
  return of_numbers<std::int64_t>(pt::int64, timestamp_column, type_kind::timestamp, std::move(transform_text), lower,
                                  upper);
}

inspection of_text(std::string transform_text, std::string lower, std::string upper) {
  inspection i = one_column(pt::byte_array, text_column, type_kind::string,
                            {{.lower = std::move(lower), .upper = std::move(upper)}});
  i.spec = make_spec({{1, std::move(transform_text)}});
  return i;
}

void refused(const inspection &i, std::string_view why) {
  BOOST_CHECK_EXCEPTION(i.run(), error, is_failure(status::INVALID_ARGUMENT, why));
}

value derived(const inspection &i) {
  return i.run().file.partition.at(0);
}

/// A file in a folder, of a table that has one column more than the file, p0 being a partition of that one.
inspection without_column(type t, const std::string &folder, std::string transform_text = "identity") {
  inspection i = one_column(pt::int32, {}, type_kind::int32, {{}});
  i.fields.push_back(make_field(2, "dt", std::move(t)));
  i.spec = make_spec({{2, std::move(transform_text)}});
  i.path = "s3://b/" + folder + "/part-0.parquet";
  return i;
}

value taken(type t, const std::string &text) {
  inspection i = without_column(std::move(t), "dt=" + text);
  i.from_path = path_values::take;
  return derived(i);
}

}  // namespace

BOOST_AUTO_TEST_CASE(transforms_that_keep_order) {
  BOOST_CHECK(derived(of_hours("hour", 5 * hour, 6 * hour - 1)) == value(std::int32_t{5}));
  BOOST_CHECK(derived(of_hours("day", -hour, -1)) == value(std::int32_t{-1}));
  BOOST_CHECK(derived(of_hours("month", 0, 30 * 24 * hour)) == value(std::int32_t{0}));
  BOOST_CHECK(derived(of_hours("year", 0, 364 * 24 * hour)) == value(std::int32_t{0}));
  BOOST_CHECK(derived(of_numbers<std::int32_t>(pt::int32, {}, type_kind::int32, "truncate[10]", -10, -1)) ==
              value(std::int32_t{-10}));
  BOOST_CHECK(derived(of_text("truncate[2]", "abc", "abz")) == value(std::string("ab")));
  BOOST_CHECK(
      derived(of_text("identity", "a text of more than sixteen letters", "a text of more than sixteen letters")) ==
      value(std::string("a text of more than sixteen letters")));
}

BOOST_AUTO_TEST_CASE(decimals_whose_truncation_has_more_digits_are_refused) {
  const auto of_decimal = [](int precision, std::int32_t unscaled) {
    return of_numbers<std::int32_t>(pt::int32, {.logical = decimal_logical(9, 2)}, type::decimal(precision, 2),
                                    "truncate[10]", unscaled, unscaled);
  };
  refused(of_decimal(9, -999'999'999),
          "truncate[10] of column c gives -10000000.00, but decimal(9,2) has at most 9 digits: give the column more");
  BOOST_CHECK(derived(of_decimal(10, -999'999'999)) == value(int128{-1'000'000'000}));
  BOOST_CHECK(derived(of_decimal(9, -999'999'990)) == value(int128{-999'999'990}));
}

BOOST_AUTO_TEST_CASE(a_range_across_partitions_is_refused_with_its_bounds) {
  refused(of_hours("hour", 5 * hour, 6 * hour),
          "cannot derive partition field p0 of f: column c spans 1970-01-01T05:00:00");
  refused(of_hours("month", 0, 31 * 24 * hour),
          "to 1970-02-01T00:00:00 (a data file has to lie in one partition: write one file for each month)");
  refused(of_text("identity", "a", "b"),
          "column c spans a to b (a data file has to lie in one partition: write one file for each value)");
  // Sixteen letters in common are not enough.
  refused(of_text("identity", "a text of more than sixteen letters", "a text of more than sixteen letterz"),
          "column c spans");
  refused(of_numbers<std::int32_t>(pt::int32, {}, type_kind::int32, "truncate[10]", -1, 0), "column c spans -1 to 0");
}

BOOST_AUTO_TEST_CASE(buckets_take_a_single_value) {
  const value bucket = transform::parse("bucket[16]").apply(type_kind::int64, std::int64_t{34});
  BOOST_CHECK(derived(of_numbers<std::int64_t>(pt::int64, {}, type_kind::int64, "bucket[16]", 34, 34)) == bucket);
  // The value counts as the table's type.
  BOOST_CHECK(derived(of_numbers<std::int32_t>(pt::int32, {}, type_kind::int64, "bucket[16]", 34, 34)) == bucket);
  refused(of_numbers<std::int64_t>(pt::int64, {}, type_kind::int64, "bucket[1]", 34, 35),
          "column c spans 34 to 35 (a data file has to lie in one partition: write one file for each bucket)");
}

BOOST_AUTO_TEST_CASE(nulls) {
  const auto with_nulls = [](std::optional<std::int64_t> null_count) {
    return of_numbers<std::int32_t>(pt::int32, {}, type_kind::int32, "identity", 5, 5, {.nulls = null_count});
  };
  BOOST_CHECK(derived(with_nulls(0)) == value(std::int32_t{5}));
  BOOST_CHECK(is_null(derived(with_nulls(10))));
  refused(with_nulls(1), "column c holds values and nulls");
  refused(with_nulls(std::nullopt), "column c may hold nulls");
  inspection without_bounds = one_column(pt::int32, {}, type_kind::int32, {{}});
  without_bounds.spec = make_spec({{1, "identity"}});
  refused(without_bounds, "column c has no bounds");
}

BOOST_AUTO_TEST_CASE(floating_point_columns_need_a_count_of_nan_and_one_value) {
  const auto with_nans = [](double lower, double upper, std::optional<std::int64_t> nans) {
    return of_numbers<double>(pt::float64, {}, type_kind::float64, "identity", lower, upper, {.nans = nans});
  };
  BOOST_CHECK(derived(with_nans(1.5, 1.5, 0)) == value(1.5));
  refused(with_nans(1.5, 1.5, std::nullopt), "column c may hold NaN");
  refused(with_nans(1.5, 1.5, 1), "column c may hold NaN");
  refused(with_nans(0.0, 0.0, 0), "column c spans");  // -0.0 is another partition
}

BOOST_AUTO_TEST_CASE(several_row_groups_are_one_range) {
  inspection i = of_hours("hour", 5 * hour, 5 * hour);
  i.file.groups.push_back(i.file.groups[0]);
  BOOST_CHECK(derived(i) == value(std::int32_t{5}));
  i.file.groups[1].chunks[0].lower = plain<std::int64_t>(4 * hour);
  refused(i, "spans");
}

BOOST_AUTO_TEST_CASE(columns_that_decide_without_values) {
  inspection i = one_column(pt::int32, {}, type_kind::int32, {{}});
  i.fields.push_back(make_field(2, "absent", type_kind::int32));
  i.spec = make_spec({{1, "void"}, {2, "identity"}, {99, "identity"}});
  BOOST_TEST(i.run().file.partition.size() == 3u);
  for (const value &v : i.run().file.partition) BOOST_TEST(is_null(v));
  i.fields[1].initial_default = value(std::int32_t{17});
  i.spec = make_spec({{2, "truncate[10]"}});
  BOOST_CHECK(derived(i) == value(std::int32_t{10}));
}

BOOST_AUTO_TEST_CASE(a_required_column_that_is_nowhere) {
  inspection i = without_column(type_kind::string, "t");
  BOOST_TEST(is_null(derived(i)));
  i.fields[1].required = true;
  refused(i, "partition field p0 of s3://b/t/part-0.parquet: the file lacks the required column dt");
  i.from_path = path_values::take;
  refused(i, "lacks the required column dt");
}

BOOST_AUTO_TEST_CASE(a_value_in_the_path_is_not_passed_over) {
  inspection i = without_column(type_kind::string, "dt=2020-01-01");
  refused(i, "the file does not have column dt, but its path says dt=2020-01-01: write the column into the file, or");
  i.fields[1].initial_default = value(std::string("x"));
  refused(i, "option inspect.partition-values-from-path");
  i.spec.fields.clear();  // no partition keeps the value
  refused(i, "does not have column dt, but its path says dt=2020-01-01: write the column into the file");
  i.from_path = path_values::take;
  refused(i, "only a table that is partitioned by the column itself");
  for (const path_values from_path : {path_values::refuse, path_values::take}) {
    inspection by_day = without_column(type_kind::date, "dt=2020-01-01", "day");
    by_day.from_path = from_path;
    refused(by_day, "which only a partition by the column itself could keep");
    by_day.path = "s3://b/p0=2020-01-01/f";
    refused(by_day, "its path says p0=2020-01-01");
  }
}

BOOST_AUTO_TEST_CASE(columns_that_the_path_alone_has_are_named) {
  inspection i = of_text("identity", "a", "a");
  i.path = "s3://b/x=0/y/Country=de/C=a/P0=a/f";
  BOOST_CHECK(i.run().columns_of_path_alone == std::vector<std::string>{"Country"});
  i.path = "s3://b/x=0/y/f";
  BOOST_TEST(i.run().columns_of_path_alone.empty());
}

BOOST_AUTO_TEST_CASE(values_are_taken_from_the_path) {
  BOOST_CHECK(taken(type_kind::string, "a%2Fb%3D") == value(std::string("a/b=")));
  BOOST_CHECK(taken(type_kind::string, "") == value(std::string()));
  BOOST_TEST(is_null(taken(type_kind::string, "__HIVE_DEFAULT_PARTITION__")));
  BOOST_CHECK(taken(type_kind::date, "1970-01-02") == value(std::int32_t{1}));
  BOOST_CHECK(taken(type_kind::int32, "01") == value(std::int32_t{1}));
  BOOST_CHECK(taken(type_kind::timestamptz, "1970-01-01 00%3A00%3A01") == value(std::int64_t{1'000'000}));
  BOOST_CHECK(taken(type::decimal(9, 2), "1.5") == value(int128{150}));
  inspection i = without_column(type_kind::string, "P1=b/DT=a");
  i.fields.push_back(make_field(3, "other", type_kind::string));
  i.spec = make_spec({{2, "identity"}, {3, "identity"}});
  i.from_path = path_values::take;
  i.fields[1].required = true;
  const std::vector<value> expected = {std::string("a"), std::string("b")};
  BOOST_CHECK(i.run().file.partition == expected);
}

BOOST_AUTO_TEST_CASE(values_in_the_path_that_are_none) {
  const auto not_taken = [](inspection i, std::string_view why) {
    i.from_path = path_values::take;
    refused(i, why);
  };
  not_taken(without_column(type_kind::int32, "dt=today"), "part-0.parquet: dt=today in its path is no int");
  not_taken(without_column(type_kind::int32, "dt=K1A"), "a table whose column dt is a string takes it");
  not_taken(without_column(type_kind::date, "dt="), "part-0.parquet: dt= in its path is no date");
  not_taken(without_column(type_kind::string, "dt=%ff"), "not UTF-8");
  not_taken(without_column(type_kind::binary, "dt=00"), "a binary cannot be taken from a path");
  not_taken(without_column(type_kind::uuid, "dt=00000000-0000-0000-0000-000000000005"), "a uuid cannot be taken");
  inspection required = without_column(type_kind::string, "dt=__HIVE_DEFAULT_PARTITION__");
  required.fields[1].required = true;
  not_taken(required, "and the column is required");
}

BOOST_AUTO_TEST_CASE(the_file_decides_against_the_path) {
  inspection i = of_text("identity", "a", "a");
  i.path = "s3://b/p0=z/C=z/f";
  BOOST_CHECK(derived(i) == value(std::string("a")));
  const std::string problem = "the path of s3://b/p0=z/C=z/f says C=z, but column c spans a to a";
  BOOST_TEST(i.run().path_contradictions == std::vector<std::string>{problem}, boost::test_tools::per_element());
  i.from_path = path_values::take;
  refused(i, problem);
  i.path = "s3://b/p0=z/C=a/f";
  BOOST_CHECK(derived(i) == value(std::string("a")));
}

BOOST_AUTO_TEST_CASE(paths_that_contradict_a_column) {
  const auto says = [](inspection i, const std::string &value) {
    i.path = "/a/c=" + value + "/f";
    i.spec = {};
    const std::vector<std::string> found = i.run().path_contradictions;
    return found.empty() ? "" : found.front();
  };
  const inspection years = of_numbers<std::int32_t>(pt::int32, {}, type_kind::int32, "identity", 1999, 2001);
  BOOST_TEST(says(years, "2000") == "");
  BOOST_TEST(says(years, "02000") == "");
  BOOST_TEST(says(years, "2023") == "the path of /a/c=2023/f says c=2023, but column c spans 1999 to 2001");
  BOOST_TEST(says(years, "x") == "the path of /a/c=x/f says c=x, but column c is int");
  BOOST_TEST(says(years, "__HIVE_DEFAULT_PARTITION__").ends_with("but column c holds no nulls"));
  BOOST_TEST(says(years, "2023/x") == "");  // of a folder that is not directly above
  const inspection text = of_text("identity", "a b", "a b");
  BOOST_TEST(says(text, "a%20b") == "");
  for (const char *other : {"a+b", "+", "%ff", "__HIVE_DEFAULT_PARTITION__"})
    BOOST_TEST(says(text, other) == "", other);
  inspection nulls = one_column(pt::int32, {}, type_kind::int32, {{.nulls = 10}});
  for (const char *null : {"null", "NULL"}) BOOST_TEST(says(nulls, null) == "", null);
  BOOST_TEST(says(nulls, "5").ends_with("but column c holds nulls alone"));
  BOOST_TEST(says(of_hours("hour", 0, 0), "2020-01-01") == "");  // in what zone
}

BOOST_AUTO_TEST_CASE(integers_of_another_text) {
  inspection i = without_column(type_kind::int32, "dt=007");
  i.from_path = path_values::take;
  BOOST_CHECK(derived(i) == value(std::int32_t{7}));
  BOOST_TEST(i.run().path_values_of_other_text == std::vector<std::string>{"dt=007 is 7"},
             boost::test_tools::per_element());
  i.path = "s3://b/dt=7/f";
  BOOST_TEST(i.run().path_values_of_other_text.empty());
  inspection text = without_column(type_kind::string, "dt=007");
  text.from_path = path_values::take;
  BOOST_TEST(text.run().path_values_of_other_text.empty());
}

BOOST_AUTO_TEST_CASE(unknown_transforms_are_not_guessed) {
  refused(of_numbers<std::int32_t>(pt::int32, {}, type_kind::int32, "zorder", 5, 5), "transform zorder is not known");
}

BOOST_AUTO_TEST_CASE(given_partitions_are_taken_where_the_file_does_not_decide) {
  inspection i = of_numbers<std::int64_t>(pt::int64, {}, type_kind::int64, "bucket[16]", 1, 100);
  i.given = std::vector<value>{std::int32_t{3}};
  BOOST_CHECK(derived(i) == value(std::int32_t{3}));
  inspection truncated = of_text("identity", "a", "c");
  truncated.given = std::vector<value>{std::string("b")};
  BOOST_CHECK(derived(truncated) == value(std::string("b")));
}

BOOST_AUTO_TEST_CASE(given_partitions_are_checked) {
  inspection i = of_hours("hour", 5 * hour, 5 * hour);
  const auto give = [&](std::vector<value> values) { i.given = std::move(values); };
  give({std::int32_t{5}});
  BOOST_CHECK(derived(i) == value(std::int32_t{5}));
  give({std::int32_t{4}});
  refused(i, "partition field p0 of f is given as");
  give({null_value{}});
  refused(i, "given as null, but column c holds no nulls");
  give({});
  refused(i, "0 partition values given for f");
  give({std::string("5")});
  refused(i, "is no int");
  inspection ranged = of_hours("hour", 5 * hour, 7 * hour);
  ranged.given = std::vector<value>{std::int32_t{8}};
  refused(ranged, "but column c spans");
}

BOOST_AUTO_TEST_SUITE_END()
