// What a caller says of a file is believed only as far as it does not contradict itself, the schema and the partition.

#include "table/files/described_files.h"

#include <fmt/format.h>

#include <functional>

#include "failure.h"
#include "model/value.h"
#include "table/sample_table.h"

using namespace evodb;
using namespace evodb::table_tests;

namespace {

constexpr std::int64_t hour = 3'600'000'000;

/// ts timestamp and id long are required, region string is not; x double lies in a struct, tags string in a list.
struct described_table : sample_table {
  table of(const std::string &spec, const std::string &name = "described") const {
    const type inner = type::structure({{0, "x", false, type_kind::float64, {}, {}, {}}});
    const type tags = type::list({0, "element", false, type_kind::string, {}, {}, {}});
    const schema columns(0, keep_or_assign_ids({{0, "ts", true, type_kind::timestamp, {}, {}, {}},
                                                {0, "id", true, type_kind::int64, {}, {}, {}},
                                                {0, "region", false, type_kind::string, {}, {}, {}},
                                                {0, "s", false, inner, {}, {}, {}},
                                                {0, "tags", false, tags, {}, {}, {}}}));
    const partition_spec parsed = spec.empty() ? partition_spec() : parse_partition_spec(spec, columns);
    return create_table(tables->find(name), columns, parsed, 2, {});
  }
};

data_file file(const std::string &path = "data/a.parquet") {
  data_file one;
  one.file_path = path;
  one.record_count = 10;
  one.file_size = 1000;
  return one;
}

column_metrics column(const table &of, const std::string &name) {
  column_metrics metrics;
  metrics.field_id = of.metadata()->current_schema()->find(name)->id;
  return metrics;
}

column_metrics bounded(const table &of, const std::string &name, const value &lower, const value &upper) {
  column_metrics metrics = column(of, name);
  const type t = of.metadata()->current_schema()->find(name)->type;
  metrics.lower_bound = to_single_value(t, lower);
  metrics.upper_bound = to_single_value(t, upper);
  return metrics;
}

/// Describes one file with these statistics.
void describe(const table &of, std::vector<column_metrics> metrics, const std::string &partition = "{}") {
  described_files files(of, false);
  data_file one = file();
  one.metrics = std::move(metrics);
  files.add(std::move(one), partition);
  BOOST_TEST(files.count() == 1);
}

void refused(const std::function<void()> &describing, const std::string &why, status code = status::INVALID_ARGUMENT) {
  BOOST_CHECK_EXCEPTION(describing(), error, [&](const error &e) {
    BOOST_TEST(e.subject() == "memory://sample/described/data/a.parquet");
    BOOST_TEST(e.message().find("data/a.parquet") != std::string::npos, e.message());
    return failure(code, why)(e);
  });
}

/// Files as Arrow brings them; borrows both.
imported_data_files in_columns(const std::vector<data_file> &given, const std::vector<std::string> &partitions) {
  data_files_builder builder(0, {}, {});
  for (const data_file &one : given) builder.add(one);
  imported_data_files all;
  all.files = std::move(builder).finish();
  all.files.file_paths.clear();
  all.files.partitions.clear();
  for (const data_file &one : given) all.paths.emplace_back(one.file_path);
  all.partitions.assign(partitions.begin(), partitions.end());
  return all;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(described_files_test, described_table)

BOOST_AUTO_TEST_CASE(partition_values_are_checked_against_the_bounds) {
  const table by_hour = of("hour(ts)");
  const auto describe_hour = [&](std::int32_t h) {
    describe(by_hour, {bounded(by_hour, "ts", 5 * hour, 6 * hour - 1)}, fmt::format("{{\"ts_hour\":{}}}", h));
  };
  describe_hour(5);
  refused([&] { describe_hour(6); }, "partition field ts_hour");
  refused([&] { describe_hour(6); }, "is given as 6 (1970-01-01-06), but column ts spans 1970-01-01T05:00:00");

  const table by_region = of("region");
  const auto describe_region = [&](const std::string &json) {
    describe(by_region, {bounded(by_region, "region", std::string("eu-"), std::string("eu."))}, json);
  };
  describe_region(R"({"region":"eu-west"})");
  refused([&] { describe_region(R"({"region":"us"})"); }, "is given as us, but column region spans eu- to eu.");
  refused([&] { describe_region(R"({"region":null})"); }, "is given as null");
}

BOOST_AUTO_TEST_CASE(buckets_are_checked) {
  const table by_bucket = of("bucket(16, id)");
  const auto describe_bucket = [&](std::int32_t bucket, std::int64_t upper) {
    describe(by_bucket, {bounded(by_bucket, "id", std::int64_t{34}, upper)},
             fmt::format("{{\"id_bucket\":{}}}", bucket));
  };
  const auto bucket = std::get<std::int32_t>(transform::parse("bucket[16]").apply(type_kind::int64, std::int64_t{34}));
  describe_bucket(bucket, 34);
  describe_bucket((bucket + 1) % 16, 35);
  refused([&] { describe_bucket((bucket + 1) % 16, 34); }, "column id is 34 in every row");
  for (const std::int32_t outside : {16, -3}) {
    refused([&] { describe_bucket(outside, 35); },
            fmt::format("is given as {}, but bucket[16] gives 0 to 15", outside));
  }
}

BOOST_AUTO_TEST_CASE(nulls_of_partitions_are_checked) {
  const table by_id = of("id");
  refused([&] { describe(by_id, {}, R"({"id":null})"); }, "is given as null, but column id is required");
  describe(of("void(id)"), {}, R"({"id_null":null})");
  refused([&] { describe(of("void(id)"), {}, R"({"id_null":7})"); }, "is given as 7, but void gives null alone");

  const table by_region = of("region");
  column_metrics metrics = column(by_region, "region");
  const auto describe_with = [&](std::int64_t nulls, const std::string &json) {
    metrics.null_value_count = nulls;
    describe(by_region, {metrics}, json);
  };
  describe_with(0, R"({"region":"eu"})");
  describe_with(10, R"({"region":null})");
  refused([&] { describe_with(0, R"({"region":null})"); }, "column region holds no nulls");
  refused([&] { describe_with(10, R"({"region":"eu"})"); }, "column region holds nulls alone");
  refused([&] { describe_with(4, R"({"region":"eu"})"); }, "column region holds 4 nulls among 10 values");
}

BOOST_AUTO_TEST_CASE(counts_do_not_exceed_each_other) {
  const table t = of("");
  const auto with_counts = [&](const std::string &name, std::int64_t values, std::int64_t nulls, std::int64_t nans) {
    column_metrics metrics = column(t, name);
    metrics.value_count = values;
    metrics.null_value_count = nulls;
    metrics.nan_value_count = nans;
    return [&t, metrics] { describe(t, {metrics}); };
  };
  with_counts("region", 10, 10, -1)();
  with_counts("region", -1, 10, -1)();
  with_counts("s.x", 10, 4, 6)();
  with_counts("s.x", 6, 0, 6)();  // ORC counts what lies in structs that are null to no column within
  with_counts("tags.element", 30, 29, -1)();
  with_counts("tags.element", -1, 29, -1)();
  refused(with_counts("region", 11, 0, -1), "column region: 11 values in a file of 10 records");
  refused(with_counts("region", 5, 5, -1), "column region: 5 values in a file of 10 records");
  refused(with_counts("region", 0, 0, -1), "column region: 0 values in a file of 10 records");
  refused(with_counts("s.x", 5, 6, -1), "column s.x: 6 nulls and 0 NaN among 5 values");
  refused(with_counts("region", -1, 11, -1), "column region: 11 nulls and 0 NaN among 10 values");
  refused(with_counts("s.x", -1, 5, 6), "column s.x: 5 nulls and 6 NaN among 10 values");
  refused(with_counts("s.x", -1, -1, 11), "column s.x: 0 nulls and 11 NaN among 10 values");
  refused(with_counts("tags.element", 30, 31, -1), "column tags.element: 31 nulls and 0 NaN among 30 values");
  refused(with_counts("region", -2, -1, -1), "a count of field id 3 is below -1");
  refused(with_counts("id", -1, 1, -1), "column id is required, but 1 of its values are null",
          status::INCOMPATIBLE_SCHEMA);
}

BOOST_AUTO_TEST_CASE(bounds_are_in_the_order_of_their_type) {
  const table t = of("");
  describe(t, {bounded(t, "id", std::int64_t{-1}, std::int64_t{1})});  // whose octets are the other way round
  describe(t, {bounded(t, "region", std::string("eu"), std::string("eu"))});
  describe(t, {bounded(t, "s.x", 0.0, -0.0)});
  refused([&] { describe(t, {bounded(t, "id", std::int64_t{1}, std::int64_t{-1})}); },
          "column id: the lower bound 1 is above the upper bound -1");
  refused([&] { describe(t, {bounded(t, "region", std::string("f"), std::string("eu"))}); },
          "column region: the lower bound f is above the upper bound eu");
  refused([&] { describe(t, {bounded(t, "s.x", std::nan(""), 1.0)}); }, "a bound of column s.x: NaN");
  refused([&] { describe(t, {bounded(t, "region", std::string("e\xc3"), std::string("f"))}); },
          "a bound of column region: not UTF-8: cut it between characters");
  column_metrics short_bound = column(t, "id");
  short_bound.lower_bound = bytes("abc");
  refused([&] { describe(t, {short_bound}); }, "a bound of column id: single value of type long has 3 bytes");
}

BOOST_AUTO_TEST_CASE(columns_of_null_and_nan_alone_have_no_bounds) {
  const table t = of("");
  const auto with_counts = [&](std::int64_t nulls, std::int64_t nans) {
    column_metrics metrics = bounded(t, "s.x", 1.0, 2.0);
    metrics.null_value_count = nulls;
    metrics.nan_value_count = nans;
    return [&t, metrics] { describe(t, {metrics}); };
  };
  with_counts(4, 5)();
  with_counts(-1, 9)();
  refused(with_counts(10, -1), "column s.x: all of its values are null, but it has bounds");
  refused(with_counts(4, 6), "column s.x: all of its values are null or NaN, but it has bounds");
  refused(with_counts(-1, 10), "column s.x: all of its values are null or NaN, but it has bounds");
}

BOOST_AUTO_TEST_CASE(partitions_of_nan_are_checked) {
  const table by_x = of("s.x");
  const auto describe_x = [&](const std::string &json, std::int64_t nans, std::optional<double> bound) {
    column_metrics metrics = bound ? bounded(by_x, "s.x", *bound, *bound) : column(by_x, "s.x");
    metrics.nan_value_count = nans;
    return [&by_x, metrics, partition = fmt::format(R"({{"s.x":{}}})", json)] { describe(by_x, {metrics}, partition); };
  };
  describe_x(R"("NaN")", -1, {})();
  describe_x(R"("NaN")", 10, {})();
  describe_x("null", 0, {})();
  describe_x("1.5", -1, 1.5)();
  refused(describe_x(R"("NaN")", -1, 1.5), "is given as NaN, but column s.x spans 1.5 to 1.5");
  refused(describe_x("null", 4, {}), "is given as null, but column s.x holds 4 NaN among 10 values");
  refused(describe_x("1.5", 4, 1.5), "is given as 1.5, but column s.x holds 4 NaN among 10 values");
}

BOOST_AUTO_TEST_CASE(split_offsets_ascend) {
  data_file one = file();
  for (const auto &right : {std::vector<std::int64_t>{}, {0, 4}, {4, 5, 900}}) {
    one.split_offsets = right;
    described_files::check_split_offsets(one);
  }
  for (const auto &wrong : {std::vector<std::int64_t>{-1}, {4, 4}, {4, 9, 8}}) {
    one.split_offsets = wrong;
    CHECK_FAILS(described_files::check_split_offsets(one), status::INVALID_ARGUMENT, "must ascend");
  }
}

BOOST_AUTO_TEST_CASE(files_in_columns_are_as_files_one_by_one) {
  const table by_region = of("region, bucket(16, id)");
  std::vector<data_file> given;
  std::vector<std::string> partitions;
  for (int i = 0; i < 6; ++i) {
    given.push_back(file(fmt::format("data/{}.parquet", i)));
    given.back().split_offsets.assign(static_cast<std::size_t>(i % 3), 4);
    if (i % 3 == 2) given.back().split_offsets[1] = 5;
    given.back().metrics = {bounded(by_region, "ts", std::int64_t{i}, std::int64_t{i + 1})};
    if (i % 2 == 0) given.back().metrics.push_back(column(by_region, "region"));
    if (i % 2 == 0) given.back().metrics.back().null_value_count = 0;
    partitions.push_back(fmt::format(R"({{"region":"r{}","id_bucket":{}}})", i / 4, i % 2));
  }
  described_files one_by_one(by_region, false), at_once(by_region, false);
  for (std::size_t i = 0; i < given.size(); ++i) one_by_one.add(given[i], partitions[i]);
  at_once.add(in_columns(given, partitions));
  BOOST_TEST(at_once.count() == 6);
  const auto expected = one_by_one.finish(), got = at_once.finish();
  BOOST_REQUIRE_EQUAL(got->batches.size(), 1U);
  const data_files &right = *expected->batches[0], &files = *got->batches[0];
  BOOST_TEST(files.spec_id == right.spec_id);
  BOOST_REQUIRE_EQUAL(files.size(), right.size());
  for (std::size_t row = 0; row < files.size(); ++row) {
    const data_file wanted = file_at(right, row), read = file_at(files, row);
    BOOST_TEST(read.file_path == wanted.file_path);
    BOOST_TEST((files.partition(row) == right.partition(row)));
    BOOST_TEST(read.split_offsets == wanted.split_offsets, boost::test_tools::per_element());
    BOOST_REQUIRE_EQUAL(read.metrics.size(), wanted.metrics.size());
    for (std::size_t i = 0; i < read.metrics.size(); ++i) {
      BOOST_TEST(read.metrics[i].field_id == wanted.metrics[i].field_id);
      BOOST_TEST(read.metrics[i].null_value_count == wanted.metrics[i].null_value_count);
      BOOST_TEST((read.metrics[i].lower_bound == wanted.metrics[i].lower_bound));
      BOOST_TEST((read.metrics[i].upper_bound == wanted.metrics[i].upper_bound));
    }
  }
}

BOOST_AUTO_TEST_CASE(one_refused_file_in_columns_refuses_all) {
  const table by_id = of("id");
  described_files files(by_id, false);
  const auto add = [&](const std::function<void(data_file &)> &change, const std::string &partition = R"({"id":7})") {
    std::vector<data_file> given{file("data/first.parquet"), file(), file("data/last.parquet")};
    for (data_file &one : given) one.metrics = {bounded(by_id, "id", std::int64_t{7}, std::int64_t{7})};
    change(given[1]);
    const std::vector<std::string> partitions{R"({"id":7})", partition, R"({"id":7})"};
    imported_data_files all = in_columns(given, partitions);
    if (given[1].record_count == 11) all.files.record_counts[1] = -1;
    if (given[1].file_size == 1001) all.files.file_sizes[1] = -1;
    files.add(std::move(all));
  };
  const auto wrong = [&](const std::function<void(data_file &)> &change, const std::string &why) {
    refused([&] { add(change); }, why);
    BOOST_TEST(files.count() == 0);
  };
  wrong([](data_file &one) { one.record_count = 11; }, "record_count -1 is negative");
  wrong([](data_file &one) { one.file_size = 1001; }, "file_size_in_bytes -1 is negative");
  wrong([](data_file &one) { one.split_offsets = {4, 4}; }, "split_offsets must ascend");
  wrong([](data_file &one) { one.metrics[0].value_count = 9; }, "9 values in a file of 10 records");
  wrong([](data_file &one) { one.metrics[0].lower_bound->back() = 1; }, "the lower bound");
  wrong([&](data_file &one) { one.metrics = {bounded(by_id, "id", std::int64_t{8}, std::int64_t{9})}; },
        "is given as 7, but column id spans 8 to 9");
  wrong([&](data_file &one) { one.metrics.push_back(bounded(by_id, "s.x", 2.0, 1.0)); }, "column s.x: the lower bound");
  refused([&] { add([](data_file &) {}, R"({"id":null})"); }, "is given as null, but column id is required");
  BOOST_CHECK_EXCEPTION(add([](data_file &) {}, R"({"id":"x"})"), error,
                        [](const error &e) { return e.subject() == "memory://sample/described/data/a.parquet"; });
  BOOST_CHECK_EXCEPTION(add([](data_file &one) { one.file_path = "data/first.parquet"; }), error,
                        failure(status::ALREADY_EXISTS, "given twice"));
  BOOST_TEST(files.count() == 0);

  files.add(file(), R"({"id":7})");
  BOOST_CHECK_EXCEPTION(add([](data_file &) {}), error, failure(status::ALREADY_EXISTS, "given twice"));
  BOOST_TEST(files.count() == 1);
  add([](data_file &one) { one.file_path = "data/b.parquet"; });
  BOOST_TEST(files.count() == 4);
  const auto all = files.finish();
  BOOST_REQUIRE_EQUAL(all->batches.size(), 2U);
  BOOST_TEST(all->batches[1]->path(1) == "memory://sample/described/data/b.parquet");
}

BOOST_AUTO_TEST_CASE(statistics_of_no_column_are_refused_in_columns) {
  const std::vector<data_file> given{file("data/first.parquet"), file()};
  const std::vector<std::string> partitions(2);
  imported_data_files all = in_columns(given, partitions);
  all.of_no_column = imported_data_files::statistic{1, 99};
  described_files files(of(""), false);
  refused([&] { files.add(std::move(all)); }, "statistics of field id 99, which the schema does not have");
}

BOOST_AUTO_TEST_CASE(files_are_appended_to_their_own_table_alone) {
  const table first = create("first"), second = create("second");
  const auto of_first = files(first, "a");
  CHECK_FAILS(append(second, of_first, {}), status::INVALID_ARGUMENT, first.metadata()->table_uuid.to_text());
  CHECK_FAILS(append(second, of_first, {}), status::INVALID_ARGUMENT, second.metadata()->table_uuid.to_text());
  // A table that is not there yet has its identity already, and keeps it.
  const table committed = commit(append(first, of_first, {}));
  BOOST_TEST((plan(commit(append(committed, files(first, "b"), {}))) == paths{"a.parquet", "b.parquet"}));
  // Another table of the same place.
  CHECK_FAILS(append(open("first"), files(create("first"), "c"), {}), status::INVALID_ARGUMENT, "were made for table");
}

BOOST_AUTO_TEST_CASE(files_need_their_partition_spec) {
  const table before = create();
  auto newer = std::make_shared<table_metadata>(*before.metadata());
  partition_spec spec = newer->default_spec();
  spec.spec_id = 1;
  spec.fields[0].field_id = 1001;
  newer->partition_specs.push_back(spec);
  newer->default_spec_id = 1;
  table_version version = before.base();
  version.metadata = newer;
  const table after(before.context(), version);
  const auto in_old_spec = files(before, "old"), in_new_spec = files(after, "new");
  BOOST_TEST(in_new_spec->spec.spec_id == 1);
  BOOST_TEST((plan(append(after, in_old_spec, {})) == paths{"old.parquet"}));
  CHECK_FAILS(append(before, in_new_spec, {}), status::INVALID_ARGUMENT,
              "spec 1, which this value of the table does not have");
  // The same number, but another spec.
  newer->partition_specs.back().fields[0].field_id = 1002;
  CHECK_FAILS(append(after, in_new_spec, {}), status::INVALID_ARGUMENT, "spec 1");
}

BOOST_AUTO_TEST_SUITE_END()
