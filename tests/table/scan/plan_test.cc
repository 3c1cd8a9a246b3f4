#include "table/scan/plan.h"

#include "expression/parse.h"
#include "failure.h"
#include "table/sample_table.h"
#include "table/written_deletes.h"

using namespace evodb;
using evodb::table_tests::paths;
using evodb::table_tests::sample_table;
using evodb::table_tests::table_with_deletes;

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

BOOST_AUTO_TEST_CASE(a_snapshot_with_delete_files_is_refused_unless_the_caller_applies_them) {
  const table_with_deletes in;
  const table of = three_snapshots(in);
  const auto deletes = [](const char *name, const char *region) { return table_with_deletes::deletes(name, region); };
  manifest_file first = in.write(of, "first", {deletes("d1", "eu"), deletes("d2", "us")}, 4);
  manifest_file second = in.write(of, "second", {deletes("d3", "eu")}, 4);
  const table deleted = in.with_manifests(of, {first, second});
  CHECK_FAILS(in.plan(deleted), status::UNSUPPORTED, "has 3 delete files");
  CHECK_FAILS(in.plan(deleted, where("region = 'uk'")), status::UNSUPPORTED, "plan.with-deletes");
  CHECK_FAILS(in.plan(in.with_manifests(of, {second})), status::UNSUPPORTED, "has 1 delete file:");
  second.added_files_count = 0;  // they were all taken away again
  second.deleted_files_count = 1;
  BOOST_TEST(in.plan(in.with_manifests(of, {second})).size() == 4u);
  scan_request request;
  request.with_deletes = true;
  BOOST_TEST(in.plan(deleted, request).size() == 4u);
}

BOOST_AUTO_TEST_CASE(delete_files_are_attached_to_what_they_apply_to) {
  const table_with_deletes in;
  const table of = three_snapshots(in);  // eu-1 in 1, us-1 in 2, the others in 3
  const auto deletes = [](const char *name, const char *region) { return table_with_deletes::deletes(name, region); };
  const table deleted = in.with_manifests(of, {in.write(of, "early", {deletes("early", "eu")}, 2),
                                               in.write(of, "late", {deletes("late", "eu"), deletes("us", "us")}, 5)});
  const paths expected{"eu-1.parquet <- early", "eu-1.parquet <- late", "eu-2.parquet <- late", "us-1.parquet <- us",
                       "us-2.parquet <- us"};
  BOOST_TEST(in.attached(deleted) == expected, boost::test_tools::per_element());
  const paths of_us{"us-1.parquet <- us", "us-2.parquet <- us"};
  BOOST_TEST(in.attached(deleted, where("region = 'us'")) == of_us, boost::test_tools::per_element());
  scan_request first;
  first.limit = 1;
  BOOST_TEST(in.attached(deleted, first).size() == 1u);
  scan_request before;
  before.snapshot_id = of.metadata()->current_snapshot_id;
  BOOST_TEST(in.attached(deleted, before).size() == 4u);
}

BOOST_AUTO_TEST_CASE(statistics_of_compared_columns_are_read_for_delete_files_alone) {
  const table_with_deletes in;
  const table created = in.commit(in.create());
  described_files described(created, false);
  const auto of_ids = [](data_file one, std::int64_t lower, std::int64_t upper) {
    column_metrics ids;
    ids.field_id = 1;
    ids.value_count = 100;
    ids.null_value_count = 0;
    ids.lower_bound = to_single_value(type_kind::int64, lower);
    ids.upper_bound = to_single_value(type_kind::int64, upper);
    one.metrics.push_back(std::move(ids));
    return one;
  };
  for (const std::int64_t at : {0, 100, 200}) {
    data_file one;
    one.file_path = "data/" + std::to_string(at) + ".parquet";
    one.record_count = 100;
    one.file_size = 10;
    described.add(of_ids(std::move(one), at, at + 99), R"({"region":"eu"})");
  }
  const table of = in.commit(append(created, described.finish(), {}));
  const table deleted =
      in.with_manifests(of, {in.write(of, "d", {of_ids(table_with_deletes::deletes("d", "eu"), 120, 200)}, 9)});
  const paths expected{"0.parquet", "100.parquet <- d", "200.parquet <- d"};
  BOOST_TEST(in.attached(deleted) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(uncommitted_files_are_newer_than_all_delete_files) {
  const table_with_deletes in;
  const table of = three_snapshots(in);
  const std::int64_t last = of.metadata()->last_sequence_number;
  const table deleted =
      in.with_manifests(of, {in.write(of, "d",
                                      {table_with_deletes::deletes("equality", "eu"),
                                       table_with_deletes::deletes("positions", "eu", file_content::position_deletes)},
                                      last + 1)});
  const table more = append(deleted, sample_table::files(deleted, "eu-3", "eu"), {});
  const paths found = in.attached(more);
  BOOST_TEST((std::find(found.begin(), found.end(), "eu-3.parquet") != found.end()));
  BOOST_TEST((std::find(found.begin(), found.end(), "eu-2.parquet <- positions") != found.end()));
}

BOOST_AUTO_TEST_CASE(an_unknown_column_is_named) {
  const sample_table in;
  const table of = three_snapshots(in);
  CHECK_FAILS(in.plan(of, where("continent = 'eu'")), status::INVALID_FILTER, "continent");
}

BOOST_AUTO_TEST_SUITE_END()
