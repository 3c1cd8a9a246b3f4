#include "parquet/metrics.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "base/little_endian.h"
#include "base/time.h"
#include "failure.h"
#include "parquet/schema.h"
#include "real_file.h"
#include "table_builder.h"

using namespace evodb;
using namespace evodb::testing;
using pt = physical_type;

namespace {

struct bound_texts {
  std::string lower, upper;
  bool operator==(const bound_texts &) const = default;
};
std::ostream &operator<<(std::ostream &out, const bound_texts &b) {
  return out << b.lower << " to " << b.upper;
}

bound_texts texts_of(const column_metrics &m, const type &t) {
  const auto text = [&](const std::optional<bytes> &bound) {
    return bound ? to_text(t, from_single_value(t, *bound)) : "-";
  };
  return {text(m.lower_bound), text(m.upper_bound)};
}

/// The bounds that become of one row group's statistics.
bound_texts bounds(pt physical, leaf_options options, const type &t, chunk_facts chunk) {
  return texts_of(one_column(physical, std::move(options), t, {std::move(chunk)}).metrics_of(1), t);
}

template <typename T>
chunk_facts between(T lower, T upper) {
  return {.lower = plain(lower), .upper = plain(upper)};
}
chunk_facts between(const char *lower, const char *upper) {
  return {.lower = lower, .upper = upper};
}

const leaf_options text_column{.logical = logical(string_logical)};

template <typename T>
bool is_negative_zero(const std::optional<bytes> &bound) {
  const T v = load_le<T>(bound.value().data());
  return v == 0 && std::signbit(v);
}

/// A real file inspected for a table of its own schema.
inspected_file inspect_as_itself(const std::string &path) {
  const real_file file(path);
  const parquet_footer footer = file.footer();
  const schema s(0, keep_or_assign_ids(to_iceberg_fields(footer, path)));
  const file_rules rules{s, no_earlier_schemas, nullptr, unpartitioned};
  return inspect_parquet(footer, rules, metrics_config_from({}, s), path, file.size());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bounds_of_columns)

BOOST_AUTO_TEST_CASE(numbers_and_dates) {
  BOOST_TEST(bounds(pt::boolean, {}, type_kind::boolean, between<char>(0, 1)) == (bound_texts{"false", "true"}));
  BOOST_TEST(bounds(pt::int32, {}, type_kind::int32, between<std::int32_t>(-5, 5)) == (bound_texts{"-5", "5"}));
  BOOST_TEST(bounds(pt::int64, {}, type_kind::int64, between<std::int64_t>(-5, 5)) == (bound_texts{"-5", "5"}));
  BOOST_TEST(bounds(pt::float32, {}, type_kind::float32, between<float>(-1.5, 2)) == (bound_texts{"-1.5", "2"}));
  BOOST_TEST(bounds(pt::int32, {.logical = logical(date_logical)}, type_kind::date, between<std::int32_t>(-1, 15887)) ==
             (bound_texts{"1969-12-31", "2013-07-01"}));
}

BOOST_AUTO_TEST_CASE(promoted_numbers_have_bounds_of_the_tables_type) {
  const column_metrics number =
      one_column(pt::int32, {}, type_kind::int64, {between<std::int32_t>(-5, 5)}).metrics_of(1);
  BOOST_CHECK(number.lower_bound == plain<std::int64_t>(-5));
  const column_metrics ratio = one_column(pt::float32, {}, type_kind::float64, {between<float>(0.5, 5)}).metrics_of(1);
  BOOST_CHECK(ratio.lower_bound == plain<double>(0.5));
}

BOOST_AUTO_TEST_CASE(decimals_of_every_physical_type) {
  const type t = type::decimal(9, 2);
  const auto decimal = [](int length = 0) { return leaf_options{.logical = decimal_logical(9, 2), .length = length}; };
  const bound_texts expected{"-14.20", "14.20"};
  BOOST_TEST(bounds(pt::int32, decimal(), t, between<std::int32_t>(-1420, 1420)) == expected);
  BOOST_TEST(bounds(pt::int64, decimal(), t, between<std::int64_t>(-1420, 1420)) == expected);
  BOOST_TEST(bounds(pt::fixed_len_byte_array, decimal(4), t,
                    {.lower = bytes("\xff\xff\xfa\x74", 4), .upper = bytes("\0\0\5\x8c", 4)}) == expected);
  // More digits than the type has, or more bytes than any decimal.
  BOOST_TEST(bounds(pt::int32, decimal(), t, between<std::int32_t>(-1420, 1000000000)) == (bound_texts{"-14.20", "-"}));
  BOOST_TEST(bounds(pt::fixed_len_byte_array, decimal(17), t, {.lower = "", .upper = bytes(17, '\0')}) ==
             (bound_texts{"-", "-"}));
}

BOOST_AUTO_TEST_CASE(times_become_microseconds) {
  const auto timed = [](int kind, time_unit unit) { return leaf_options{.logical = time_logical(kind, unit, false)}; };
  BOOST_TEST(bounds(pt::int64, timed(8, time_unit::millis), type_kind::timestamp, between<std::int64_t>(-1, 1500)) ==
             (bound_texts{timestamp_to_text(-1000), timestamp_to_text(1500000)}));
  BOOST_TEST(
      bounds(pt::int64, timed(8, time_unit::nanos), type_kind::timestamp_ns, between<std::int64_t>(-1, 1500)).lower !=
      "-");
  BOOST_TEST(bounds(pt::int64, timed(7, time_unit::micros), type_kind::time, between<std::int64_t>(0, 1500)).upper !=
             "-");
}

BOOST_AUTO_TEST_CASE(zeros_are_widened_and_nan_is_no_bound) {
  const column_metrics zeros =
      one_column(pt::float64, {}, type_kind::float64, {between<double>(0.0, -0.0)}).metrics_of(1);
  BOOST_TEST(is_negative_zero<double>(zeros.lower_bound));
  BOOST_TEST(!is_negative_zero<double>(zeros.upper_bound));
  const column_metrics floats =
      one_column(pt::float32, {}, type_kind::float32, {between<float>(0.0f, 0.0f)}).metrics_of(1);
  BOOST_TEST(is_negative_zero<float>(floats.lower_bound));
  const double nan = std::nan("");
  BOOST_TEST(bounds(pt::float64, {}, type_kind::float64, between<double>(nan, 1)) == (bound_texts{"-", "-"}));
  BOOST_TEST(bounds(pt::float64, {}, type_kind::float64, between<double>(1, nan)) == (bound_texts{"-", "-"}));
}

BOOST_AUTO_TEST_CASE(strings_are_cut_by_code_points) {
  const std::string umlauts = "ääääääääääääääää";  // 16 code points, 32 bytes
  const type t = type_kind::string;
  BOOST_TEST(bounds(pt::byte_array, text_column, t, {.lower = umlauts, .upper = umlauts}) ==
             (bound_texts{umlauts, umlauts}));
  BOOST_TEST(bounds(pt::byte_array, text_column, t, {.lower = umlauts + "x", .upper = umlauts + "x"}) ==
             (bound_texts{umlauts, "äääääääääääääääå"}));
  const std::string highest = "\xf4\x8f\xbf\xbf";
  std::string all_highest;
  for (int i = 0; i < 17; ++i) all_highest += highest;
  BOOST_TEST(bounds(pt::byte_array, text_column, t, {.lower = "", .upper = all_highest}) == (bound_texts{"", "-"}));
  BOOST_TEST(bounds(pt::byte_array, text_column, t, {.lower = "a\xff", .upper = "b", .is_lower_cut = true}) ==
             (bound_texts{"-", "b"}));
}

BOOST_AUTO_TEST_CASE(bytes_are_cut_by_bytes) {
  const column_metrics raw =
      one_column(pt::byte_array, {}, type_kind::binary, {{.lower = bytes(20, '\1'), .upper = bytes(20, '\1')}})
          .metrics_of(1);
  BOOST_CHECK(raw.lower_bound == bytes(16, '\1'));
  BOOST_CHECK(raw.upper_bound == bytes(15, '\1') + '\2');
  const column_metrics fixed = one_column(pt::fixed_len_byte_array, {.length = 20}, type::fixed(20),
                                          {{.lower = bytes(20, '\xff'), .upper = bytes(20, '\xff')}})
                                   .metrics_of(1);
  BOOST_CHECK(fixed.lower_bound == bytes(16, '\xff'));
  BOOST_CHECK(!fixed.upper_bound);
  const column_metrics uuid = one_column(pt::fixed_len_byte_array, {.logical = logical(uuid_logical), .length = 16},
                                         type_kind::uuid, {{.lower = bytes(16, '\1'), .upper = bytes(16, '\2')}})
                                  .metrics_of(1);
  BOOST_CHECK(uuid.lower_bound == bytes(16, '\1'));
}

BOOST_AUTO_TEST_CASE(modes_say_how_much_is_kept) {
  inspection i =
      one_column(pt::byte_array, text_column, type_kind::string, {between("a name of more than sixteen letters", "b")});
  i.properties["write.metadata.metrics.column.c"] = "full";
  BOOST_CHECK(i.metrics_of(1).lower_bound == "a name of more than sixteen letters");
  i.properties["write.metadata.metrics.column.c"] = "truncate(1)";
  BOOST_CHECK(i.metrics_of(1).lower_bound == "a");
  i.properties["write.metadata.metrics.column.c"] = "counts";
  BOOST_CHECK(!i.metrics_of(1).lower_bound);
  BOOST_TEST(i.metrics_of(1).value_count == 10);
  i.properties["write.metadata.metrics.column.c"] = "none";
  BOOST_TEST(i.run().file.metrics.empty());
}

BOOST_AUTO_TEST_CASE(row_groups_are_merged) {
  const auto merged = [](std::vector<chunk_facts> chunks) {
    return texts_of(one_column(pt::int64, {}, type_kind::int64, std::move(chunks)).metrics_of(1), type_kind::int64);
  };
  const chunk_facts first = between<std::int64_t>(5, 9), second = between<std::int64_t>(1, 7), nulls{.nulls = 10};
  BOOST_TEST(merged({first, second}) == (bound_texts{"1", "9"}));
  BOOST_TEST(merged({nulls, first, nulls}) == (bound_texts{"5", "9"}));
  BOOST_TEST(merged({nulls, nulls}) == (bound_texts{"-", "-"}));
  BOOST_TEST(merged({first, {.nulls = 9}}) == (bound_texts{"-", "-"}));
  BOOST_TEST(merged({first, {.lower = plain<std::int64_t>(1)}}) == (bound_texts{"1", "-"}));
  BOOST_TEST(merged({{.nulls = std::nullopt}, first}) == (bound_texts{"-", "-"}));
}

BOOST_AUTO_TEST_CASE(deprecated_statistics_count_where_signed_order_is_the_order) {
  const auto old = [](const bytes &lower, const bytes &upper) {
    return chunk_facts{.signed_lower = lower, .signed_upper = upper};
  };
  const chunk_facts numbers = old(plain<std::int32_t>(1), plain<std::int32_t>(2));
  BOOST_TEST(bounds(pt::int32, {}, type_kind::int32, numbers) == (bound_texts{"1", "2"}));
  BOOST_TEST(bounds(pt::byte_array, text_column, type_kind::string, old("a", "b")) == (bound_texts{"-", "-"}));
  BOOST_TEST(bounds(pt::fixed_len_byte_array, {.logical = decimal_logical(9, 2), .length = 1}, type::decimal(9, 2),
                    old("\1", "\2")) == (bound_texts{"-", "-"}));
}

BOOST_AUTO_TEST_CASE(statistics_without_an_order_count_for_signed_numbers_alone) {
  inspection text = one_column(pt::byte_array, text_column, type_kind::string, {between("a", "b")});
  text.file.has_column_orders = false;
  BOOST_CHECK(!text.metrics_of(1).lower_bound);
  inspection number = one_column(pt::int32, {}, type_kind::int32, {between<std::int32_t>(1, 2)});
  number.file.has_column_orders = false;
  BOOST_CHECK(number.metrics_of(1).lower_bound == plain<std::int32_t>(1));
}

BOOST_AUTO_TEST_CASE(statistics_that_cannot_be_true_say_nothing) {
  BOOST_TEST(bounds(pt::int32, {}, type_kind::int32, between<std::int32_t>(2, 1)) == (bound_texts{"-", "-"}));
  BOOST_TEST(bounds(pt::int32, {}, type_kind::int32, between<std::int64_t>(1, 2)) == (bound_texts{"-", "-"}));
  BOOST_TEST(one_column(pt::int32, {}, type_kind::int32, {{.nulls = 11}}).metrics_of(1).null_value_count == -1);
}

BOOST_AUTO_TEST_CASE(columns_without_a_meaningful_order_have_no_bounds) {
  BOOST_TEST(bounds(pt::int96, {}, type_kind::timestamptz, {.lower = bytes(12, '\0'), .upper = bytes(12, '\0')}) ==
             (bound_texts{"-", "-"}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(inspection_of_files)

BOOST_AUTO_TEST_CASE(counts_and_sizes_are_summed) {
  chunk_facts first{.nulls = 3, .nans = 2}, second{.nulls = 10, .nans = 0};
  const inspected_file i = one_column(pt::float64, {}, type_kind::float64, {first, second}).run();
  BOOST_TEST(i.has_field_ids);
  BOOST_TEST(i.file.file_path == "f");
  BOOST_TEST(i.file.file_size == 1000);
  BOOST_TEST(i.file.record_count == 20);
  const column_metrics &m = i.file.metrics.at(0);
  BOOST_TEST(m.column_size == 20);
  BOOST_TEST(m.value_count == 20);
  BOOST_TEST(m.null_value_count == 13);
  BOOST_TEST(m.nan_value_count == 2);
  BOOST_TEST(one_column(pt::float64, {}, type_kind::float64, {first, {.nulls = std::nullopt}})
                 .metrics_of(1)
                 .null_value_count == -1);
  BOOST_TEST(one_column(pt::float64, {}, type_kind::float64, {first, {}}).metrics_of(1).nan_value_count == -1);
  BOOST_TEST(one_column(pt::int32, {}, type_kind::int32, {first}).metrics_of(1).nan_value_count == -1);
}

BOOST_AUTO_TEST_CASE(a_required_column_has_no_nulls_whatever_its_statistics_miss) {
  BOOST_TEST(one_column(pt::int32, {.repetition = repetition::required}, type_kind::int32, {{.nulls = std::nullopt}})
                 .metrics_of(1)
                 .null_value_count == 0);
}

BOOST_AUTO_TEST_CASE(split_offsets_are_where_row_groups_begin) {
  inspection i = one_column(pt::int32, {}, type_kind::int32, {{}, {}, {}});
  i.file.groups[2].chunks[0].dictionary_page_offset = 23;
  BOOST_TEST(i.run().file.split_offsets == (std::vector<std::int64_t>{4, 14, 23}), boost::test_tools::per_element());
  i.file.groups[2].chunks[0].dictionary_page_offset = 14;
  BOOST_TEST(i.run().file.split_offsets.empty());
}

BOOST_AUTO_TEST_CASE(pages_beyond_the_file_are_refused) {
  inspection i = one_column(pt::int32, {}, type_kind::int32, {{.size = 997}});
  BOOST_CHECK_EXCEPTION(i.run(), error,
                        is_failure(status::CORRUPT, "column c of f: its pages lie beyond the end of the file"));
  i.file.groups[0].chunks[0].size = std::numeric_limits<std::int64_t>::max();
  BOOST_CHECK_THROW(i.run(), error);
  inspection values = one_column(pt::int32, {}, type_kind::int32, {{.values = 9}});
  BOOST_CHECK_EXCEPTION(values.run(), error,
                        is_failure(status::CORRUPT, "more or fewer values than the file has rows"));
}

BOOST_AUTO_TEST_CASE(what_arrow_wrote_of_every_type) {
  const inspected_file i = inspect_as_itself("tests/data/parquet/primitives.parquet");
  BOOST_TEST(i.has_field_ids);
  BOOST_TEST(i.file.record_count == 3);
  BOOST_TEST(i.file.split_offsets == (std::vector<std::int64_t>{4}), boost::test_tools::per_element());
  BOOST_REQUIRE(i.file.metrics.size() == 17u);
  const auto expect = [&](std::int32_t id, const type &t, bound_texts expected) {
    BOOST_TEST_INFO("field " << id);
    BOOST_TEST(texts_of(i.file.metrics[static_cast<std::size_t>(id) - 1], t) == expected);
  };
  expect(1, type_kind::boolean, {"false", "true"});
  expect(2, type_kind::int32, {"-5", "7"});
  expect(3, type_kind::int32, {"-2147483648", "2147483647"});
  expect(4, type_kind::int64, {"-1", "1"});
  expect(5, type_kind::int64, {"1", "2147483647"});
  BOOST_TEST(is_negative_zero<float>(i.file.metrics[5].lower_bound));
  BOOST_CHECK(i.file.metrics[5].upper_bound == plain(1.5f));
  BOOST_CHECK(i.file.metrics[6].upper_bound == plain(0.0));
  expect(8, type::decimal(9, 2), {"-14.20", "14.20"});
  expect(9, type::decimal(38, 10), {"-1.0000000000", "12345678901234567890.0000000000"});
  expect(10, type_kind::date, {"1969-12-31", "2013-07-01"});
  expect(14, type_kind::string, {"a", "a name of more u"});
  BOOST_CHECK(i.file.metrics[14].lower_bound == bytes(1, '\0'));
  BOOST_CHECK(!i.file.metrics[14].upper_bound);  // 20 bytes of 255 have no shorter upper bound
  BOOST_CHECK(i.file.metrics[15].upper_bound == bytes(4, '\xff'));
  expect(17, type_kind::uuid, {"00000000-0000-0000-0000-000000000001", "f79c3e09-677c-4bbd-a479-3f349cb785e7"});
  for (const column_metrics &m : i.file.metrics) {
    BOOST_TEST(m.value_count == 3);
    BOOST_TEST(m.null_value_count == (m.field_id == 4 || m.field_id == 6 ? 0 : 1));
  }
}

BOOST_AUTO_TEST_CASE(what_arrow_wrote_of_times) {
  const auto lower = [](const inspected_file &i, std::size_t at) {
    return load_le<std::int64_t>(i.file.metrics.at(at).lower_bound.value().data());
  };
  const inspected_file millis = inspect_as_itself("tests/data/parquet/milliseconds.parquet");
  BOOST_TEST(lower(millis, 0) == 1372656600001000);
  BOOST_TEST(lower(millis, 1) == 1372656600001000);
  BOOST_TEST(lower(inspect_as_itself("tests/data/parquet/nanoseconds.parquet"), 0) == 1372656600000001001);
  const inspected_file int96 = inspect_as_itself("tests/data/parquet/int96.parquet");
  BOOST_CHECK(!int96.file.metrics.at(0).lower_bound);
}

BOOST_AUTO_TEST_CASE(what_arrow_wrote_of_nested_columns) {
  const inspected_file i = inspect_as_itself("tests/data/parquet/nested.parquet");
  std::vector<std::int32_t> ids;
  for (const column_metrics &m : i.file.metrics) ids.push_back(m.field_id);
  BOOST_TEST(ids == (std::vector<std::int32_t>{1, 5, 6, 7, 8, 9}), boost::test_tools::per_element());
  BOOST_CHECK(i.file.metrics[1].lower_bound == plain(1.0));
  BOOST_TEST(i.file.metrics[1].null_value_count == 1);
  BOOST_TEST(i.file.metrics[3].value_count == 3);  // "a", "b" and the empty list
  BOOST_TEST(i.file.metrics[3].null_value_count == -1);
  BOOST_CHECK(!i.file.metrics[3].lower_bound);
}

BOOST_AUTO_TEST_CASE(what_arrow_wrote_of_little) {
  const inspected_file no_ids = inspect_as_itself("tests/data/parquet/no_ids.parquet");
  BOOST_TEST(!no_ids.has_field_ids);
  BOOST_TEST(no_ids.file.split_offsets.size() == 3u);
  BOOST_TEST(texts_of(no_ids.file.metrics[0], type_kind::int64) == (bound_texts{"1", "4"}));
  BOOST_TEST(texts_of(no_ids.file.metrics[1], type_kind::string) == (bound_texts{"AA", "UA"}));
  BOOST_TEST(inspect_as_itself("tests/data/parquet/empty.parquet").file.record_count == 0);
  const inspected_file nulls = inspect_as_itself("tests/data/parquet/nulls.parquet");
  BOOST_TEST(nulls.file.metrics[0].null_value_count == 3);
  BOOST_CHECK(!inspect_as_itself("tests/data/parquet/not_a_number.parquet").file.metrics[0].lower_bound);
  const inspected_file bare = inspect_as_itself("tests/data/parquet/without_statistics.parquet");
  BOOST_TEST(bare.file.metrics[0].value_count == 2);
  BOOST_TEST(bare.file.metrics[0].null_value_count == -1);
}

BOOST_AUTO_TEST_CASE(a_month_of_flights_is_one_partition) {
  const real_file file("examples/data/flights-2013-07.parquet");
  const parquet_footer footer = file.footer();
  const schema s(0, keep_or_assign_ids(to_iceberg_fields(footer, file.name)));
  const partition_spec spec = make_spec({{s.find("time_hour")->id, "month"}});
  const auto inspect = [&](const partition_spec &by) {
    const file_rules rules{s, no_earlier_schemas, nullptr, by};
    return inspect_parquet(footer, rules, metrics_config_from({}, s), file.name, file.size());
  };
  BOOST_CHECK(inspect(spec).file.partition.at(0) == value(std::int32_t{43 * 12 + 6}));
  const partition_spec by_day = make_spec({{s.find("time_hour")->id, "day"}});
  BOOST_CHECK_EXCEPTION(inspect(by_day), error,
                        is_failure(status::INVALID_ARGUMENT, "column time_hour spans 2013-07-01T"));
}

BOOST_AUTO_TEST_SUITE_END()
