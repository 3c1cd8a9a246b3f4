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

BOOST_AUTO_TEST_CASE(a_range_across_partitions_is_refused_with_its_bounds) {
  refused(of_hours("hour", 5 * hour, 6 * hour),
          "cannot derive partition field p0 of f: column c spans 1970-01-01T05:00:00");
  refused(of_hours("month", 0, 31 * 24 * hour), "to 1970-02-01T00:00:00");
  refused(of_text("identity", "a", "b"), "column c spans a to b");
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
  refused(of_numbers<std::int64_t>(pt::int64, {}, type_kind::int64, "bucket[1]", 34, 35), "column c spans 34 to 35");
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
