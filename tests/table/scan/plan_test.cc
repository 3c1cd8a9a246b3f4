#include "table/scan/plan.h"

#include "expression/parse.h"
#include "failure.h"
#include "table/sample_table.h"

using namespace evodb;
using evodb::table_tests::paths;
using evodb::table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(plan_test)

namespace {

scan_request where(const char *filter) {
  scan_request request;
  request.filter = parse_filter(filter);
  return request;
}

/// Three snapshots: eu-1; us-1; eu-2 and us-2 together.
table three_snapshots(const sample_table &in) {
  table value = in.commit(in.create());
  value = in.commit(append(value, sample_table::files(value, "eu-1", "eu"), {}));
  value = in.commit(append(value, sample_table::files(value, "us-1", "us"), {}));
  value = append(value, sample_table::files(value, "eu-2", "eu"), {});
  value = append(value, sample_table::files(value, "us-2", "us"), {});
  return in.commit(value);
}

plan_counts counts_of(const sample_table &in, const table &of, const scan_request &request) {
  auto walk = [of, request]() -> task<plan_counts> {
    const auto planned = co_await plan_scan(of, request);
    scan_stream over(planned, false);
    while (co_await over.advance()) over.take_files();
    co_return over.counts();
  };
  return run_to_end(in.environment, walk);
}

}  // namespace

BOOST_AUTO_TEST_CASE(manifests_are_skipped_by_their_summaries) {
  const sample_table in;
  const table of = three_snapshots(in);
  const paths expected{"eu-1.parquet", "eu-2.parquet"};
  BOOST_TEST(in.plan(of, where("region = 'eu'")) == expected, boost::test_tools::per_element());
  const plan_counts counts = counts_of(in, of, where("region = 'eu'"));
  BOOST_TEST(counts.manifests == 4);
  BOOST_TEST(counts.manifests_skipped_by_summary == 2);
  BOOST_TEST(counts.files == 2);
  BOOST_TEST(counts.files_kept == 2);
}

BOOST_AUTO_TEST_CASE(files_are_skipped_by_partition_within_a_manifest) {
  const sample_table in;
  const table created = in.commit(in.create());
  described_files described(created, false);
  for (const char *region : {"eu", "us", "uk"}) {
    data_file one;
    one.file_path = std::string("data/") + region + ".parquet";
    one.record_count = 1;
    one.file_size = 10;
    described.add(std::move(one), std::string("{\"region\":\"") + region + "\"}");
  }
  const table of = in.commit(append(created, described.finish(), {}));
  BOOST_TEST(in.plan(of, where("region = 'uk'")) == paths{"uk.parquet"}, boost::test_tools::per_element());
  BOOST_TEST(counts_of(in, of, where("region = 'uk'")).files_skipped_by_partition == 2);
}

BOOST_AUTO_TEST_CASE(files_are_skipped_by_bounds) {
  const sample_table in;
  const table created = in.commit(in.create());
  described_files described(created, false);
  for (const std::int64_t at : {0, 100, 200}) {
    data_file one;
    one.file_path = "data/" + std::to_string(at) + ".parquet";
    one.record_count = 100;
    one.file_size = 10;
    column_metrics ids;
    ids.field_id = 1;
    ids.value_count = 100;
    ids.null_value_count = 0;
    ids.lower_bound = to_single_value(type_kind::int64, at);
    ids.upper_bound = to_single_value(type_kind::int64, at + 99);
    one.metrics.push_back(std::move(ids));
    described.add(std::move(one), "{\"region\":null}");
  }
  const table of = in.commit(append(created, described.finish(), {}));
  BOOST_TEST(in.plan(of, where("id = 150")) == paths{"100.parquet"}, boost::test_tools::per_element());
  BOOST_TEST(counts_of(in, of, where("id = 150")).files_skipped_by_bounds == 2);
  BOOST_TEST(in.plan(of, where("id > 1000")).empty());
  BOOST_TEST(in.plan(of, where("region IS NULL")).size() == 3u);
}

BOOST_AUTO_TEST_CASE(time_travel_by_id_and_by_time) {
  const sample_table in;
  const table of = three_snapshots(in);
  const auto &snapshots = of.metadata()->snapshots;
  scan_request first;
  first.snapshot_id = snapshots[0]->snapshot_id;
  BOOST_TEST(in.plan(of, first) == paths{"eu-1.parquet"}, boost::test_tools::per_element());
  scan_request then;
  then.as_of_ms = snapshots[1]->timestamp_ms;  // inclusive
  const paths expected{"eu-1.parquet", "us-1.parquet"};
  BOOST_TEST(in.plan(of, then) == expected, boost::test_tools::per_element());
  then.as_of_ms = snapshots[0]->timestamp_ms - 1;
  CHECK_FAILS(in.plan(of, then), status::NOT_FOUND);
  then.snapshot_id = 1;
  CHECK_FAILS(in.plan(of, then), status::INVALID_ARGUMENT, "at most one");
}

BOOST_AUTO_TEST_CASE(a_limit_ends_the_walk) {
  const sample_table in;
  const table of = three_snapshots(in);
  scan_request request;
  request.limit = 3;
  BOOST_TEST(in.plan(of, request).size() == 3u);
  request.limit = 0;
  BOOST_TEST(in.plan(of, request).empty());
}

BOOST_AUTO_TEST_CASE(uncommitted_files_are_pruned_as_committed_ones) {
  const sample_table in;
  const table of = three_snapshots(in);
  const table more = append(of, sample_table::files(of, "us-3", "us"), {});
  BOOST_TEST(in.plan(more).size() == 5u);
  const paths expected{"us-1.parquet", "us-2.parquet", "us-3.parquet"};
  BOOST_TEST(in.plan(more, where("region = 'us'")) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_unknown_column_is_named) {
  const sample_table in;
  const table of = three_snapshots(in);
  CHECK_FAILS(in.plan(of, where("continent = 'eu'")), status::INVALID_FILTER, "continent");
}

BOOST_AUTO_TEST_SUITE_END()
