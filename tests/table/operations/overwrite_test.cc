// Files that leave a table: by name, by filter, by partition; and what concurrent commits do to that.

#include "table/operations/overwrite.h"

#include <algorithm>

#include "expression/parse.h"
#include "failure.h"
#include "table/operations/delete_plan.h"
#include "table/operations/replace_partitions.h"
#include "table/operations/rewrite_files.h"
#include "table/sample_table.h"

using namespace evodb;
using table_tests::paths;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(overwrite_test)

namespace {

const file_operation_options serializable;

file_operation_options at_level(isolation level) {
  file_operation_options options;
  options.level = level;
  return options;
}

/// A table with a file in each of three partitions.
struct three_files : sample_table {
  three_files() {
    table made = commit(create());
    for (const char *region : {"eu", "us", "asia"}) made = append(made, files(made, region, region));
    was = commit(made);
  }

  std::shared_ptr<const table_files> file(const std::string &name, const std::string &region = "eu",
                                          std::int64_t records = 10) const {
    return files(*was, name, region, records);
  }
  /// Another process appends before this one commits.
  void others_append(const std::string &name, const std::string &region) const {
    commit(append(open(), files(open(), name, region)));
  }
  std::string summary(const table &of, const std::string &key) const {
    const std::string *text = find_value(of.metadata()->current_snapshot()->summary, key);
    return text == nullptr ? "" : *text;
  }

  std::optional<table> was;
};

predicate_ptr region_is(const std::string &name) {
  return parse_filter("region = '" + name + "'");
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_filter_takes_whole_files_away, three_files) {
  const table now = commit(delete_where(*was, region_is("eu"), serializable));
  BOOST_TEST((plan(now) == paths{"asia.parquet", "us.parquet"}));
  BOOST_TEST((plan(open()) == paths{"asia.parquet", "us.parquet"}));
  BOOST_TEST(now.metadata()->current_snapshot()->operation() == "delete");
  BOOST_TEST(summary(now, "deleted-data-files") == "1");
  BOOST_TEST(summary(now, "deleted-records") == "10");
  BOOST_TEST(summary(now, "removed-files-size") == "1000");
  BOOST_TEST(summary(now, "total-data-files") == "2");
  BOOST_TEST(summary(now, "total-records") == "20");
  BOOST_TEST(summary(now, "changed-partition-count") == "1");
  // What was is still there to be read.
  scan_request before;
  before.snapshot_id = was->metadata()->current_snapshot_id;
  BOOST_TEST((plan(now, before) == paths{"asia.parquet", "eu.parquet", "us.parquet"}));
}

BOOST_FIXTURE_TEST_CASE(a_filter_that_covers_a_file_in_part_removes_nothing, three_files) {
  const predicate_ptr filter = parse_filter("region = 'eu' OR amount > 5");
  CHECK_FAILS(commit(delete_where(*was, filter, serializable)), status::PARTIAL_MATCH, "of 2 files");
  CHECK_FAILS(commit(delete_where(*was, filter, serializable)), status::PARTIAL_MATCH, "asia.parquet, ");
  CHECK_FAILS(commit(delete_where(*was, filter, serializable)), status::PARTIAL_MATCH, "us.parquet");
  BOOST_TEST((plan(open()) == paths{"asia.parquet", "eu.parquet", "us.parquet"}));
}

BOOST_FIXTURE_TEST_CASE(a_plan_of_a_deletion_gives_both_lists, three_files) {
  const table value = *was;
  auto ask = [value]() -> task<std::vector<affected_file>> {
    predicate_ptr filter = parse_filter("region = 'eu' OR (region = 'us' AND amount > 5)");
    co_return co_await plan_delete(value, std::move(filter), table_metadata::main_branch);
  };
  std::vector<affected_file> found = run_to_end(environment, ask);
  BOOST_REQUIRE(found.size() == 2u);
  std::sort(found.begin(), found.end(), [](const auto &a, const auto &b) { return a.path < b.path; });
  BOOST_TEST(found[0].path.ends_with("eu.parquet"));
  BOOST_TEST(found[0].is_whole);
  BOOST_TEST(found[1].path.ends_with("us.parquet"));
  BOOST_TEST(!found[1].is_whole);
  BOOST_TEST(found[1].record_count == 10);
}

BOOST_FIXTURE_TEST_CASE(rows_without_a_value_are_not_covered_by_a_comparison, sample_table) {
  table made = commit(create());
  described_files described(made, false);
  data_file one;
  one.file_path = "data/a.parquet";
  one.record_count = 10;
  one.file_size = 1000;
  column_metrics amount;
  amount.field_id = 3;
  amount.value_count = 10;
  amount.null_value_count = 1;
  amount.nan_value_count = 0;
  amount.lower_bound = to_single_value(type_kind::float64, 1.0);
  amount.upper_bound = to_single_value(type_kind::float64, 2.0);
  one.metrics = {amount};
  described.add(one, "{\"region\":\"eu\"}");
  one.file_path = "data/b.parquet";
  one.metrics[0].null_value_count = 0;
  described.add(one, "{\"region\":\"eu\"}");
  one.file_path = "data/c.parquet";
  one.metrics[0].nan_value_count = -1;  // perhaps there are some
  described.add(one, "{\"region\":\"eu\"}");
  made = commit(append(made, described.finish()));
  const predicate_ptr covers_b = parse_filter("amount < 3");
  auto ask = [made, covers_b]() -> task<std::vector<affected_file>> {
    predicate_ptr filter = covers_b;
    co_return co_await plan_delete(made, std::move(filter), table_metadata::main_branch);
  };
  const std::vector<affected_file> found = run_to_end(environment, ask);
  BOOST_REQUIRE(found.size() == 3u);
  for (const affected_file &file : found) BOOST_TEST(file.is_whole == file.path.ends_with("b.parquet"), file.path);
}

BOOST_FIXTURE_TEST_CASE(named_files_go_and_others_come_in_their_place, three_files) {
  const table now = commit(overwrite_files(*was, {"data/eu.parquet"}, file("eu2"), serializable));
  BOOST_TEST((plan(now) == paths{"asia.parquet", "eu2.parquet", "us.parquet"}));
  BOOST_TEST(now.metadata()->current_snapshot()->operation() == "overwrite");
  CHECK_FAILS(commit(delete_files(now, {"data/eu.parquet"}, serializable)), status::NOT_FOUND);
  CHECK_FAILS(delete_files(now, {}, serializable), status::INVALID_ARGUMENT);
  CHECK_FAILS(delete_files(now, {"data/us.parquet", now.metadata()->location + "/data/us.parquet"}, serializable),
              status::INVALID_ARGUMENT);
}

BOOST_FIXTURE_TEST_CASE(all_files_go, three_files) {
  const table now = commit(overwrite(*was, nullptr, file("all"), serializable));
  BOOST_TEST((plan(now) == paths{"all.parquet"}));
  BOOST_TEST(summary(now, "total-records") == "10");
  const table empty = commit(delete_where(now, always_true(), serializable));
  BOOST_TEST(plan(empty).empty());
  BOOST_TEST(summary(empty, "total-data-files") == "0");
}

BOOST_FIXTURE_TEST_CASE(added_files_must_match_the_filter, three_files) {
  CHECK_FAILS(overwrite(*was, region_is("us"), file("new", "eu"), serializable), status::INVALID_ARGUMENT);
  CHECK_FAILS(overwrite(*was, parse_filter("nothing = 1"), nullptr, serializable), status::INVALID_FILTER);
  const table now = commit(overwrite(*was, region_is("us"), file("new", "us"), serializable));
  BOOST_TEST((plan(now) == paths{"asia.parquet", "eu.parquet", "new.parquet"}));
}

BOOST_FIXTURE_TEST_CASE(partitions_are_replaced, three_files) {
  const table now = commit(replace_partitions(*was, file("new", "us"), serializable));
  BOOST_TEST((plan(now) == paths{"asia.parquet", "eu.parquet", "new.parquet"}));
  BOOST_TEST(summary(now, "replace-partitions") == "true");
}

BOOST_FIXTURE_TEST_CASE(a_rewrite_adds_no_rows, three_files) {
  const std::vector<std::string> both = {"data/eu.parquet", "data/us.parquet"};
  CHECK_FAILS(commit(rewrite_files(*was, both, file("more", "eu", 21), std::nullopt, serializable)),
              status::INVALID_ARGUMENT);
  CHECK_FAILS(rewrite_files(*was, both, file("more"), 1000, serializable), status::INVALID_ARGUMENT);
  const table now = commit(rewrite_files(*was, both, file("compact", "eu", 20), 1, serializable));
  BOOST_TEST((plan(now) == paths{"asia.parquet", "compact.parquet"}));
  BOOST_TEST(now.metadata()->current_snapshot()->operation() == "replace");
}

BOOST_FIXTURE_TEST_CASE(one_commit_holds_several_operations, three_files) {
  table value = append(*was, file("fresh", "eu"));
  value = delete_where(value, region_is("eu"), serializable);  // the fresh one, too
  value = append(value, file("last", "eu"));
  const table now = commit(value);
  BOOST_TEST((plan(now) == paths{"asia.parquet", "last.parquet", "us.parquet"}));
  BOOST_TEST(now.base().version == was->base().version + 1);
}

BOOST_FIXTURE_TEST_CASE(files_that_came_meanwhile_are_a_conflict_where_they_may_match, three_files) {
  const table mine = delete_where(*was, region_is("eu"), serializable);
  others_append("elsewhere", "us");
  const table now = commit(mine);
  BOOST_TEST((plan(now) == paths{"asia.parquet", "elsewhere.parquet", "us.parquet"}));

  const table again = delete_where(now, region_is("us"), serializable);
  const table relaxed = delete_where(now, region_is("us"), at_level(isolation::snapshot));
  others_append("late", "us");
  CHECK_FAILS(commit(again), status::CONFLICT);
  BOOST_TEST((plan(commit(relaxed)) == paths{"asia.parquet"}));
}

BOOST_FIXTURE_TEST_CASE(an_operation_before_in_the_same_value_hides_nothing, three_files) {
  table mine = append(*was, file("mine", "us"));
  mine = delete_where(mine, region_is("eu"), serializable);
  others_append("late", "eu");
  CHECK_FAILS(commit(mine), status::CONFLICT);
}

BOOST_FIXTURE_TEST_CASE(removed_files_are_a_conflict_at_either_level, three_files) {
  const table serial = delete_where(*was, region_is("eu"), serializable);
  const table relaxed = delete_where(*was, region_is("eu"), at_level(isolation::snapshot));
  const table elsewhere = delete_where(*was, region_is("us"), serializable);
  commit(overwrite_files(open(), {"data/eu.parquet"}, files(open(), "moved", "asia"), serializable));
  CHECK_FAILS(commit(serial), status::CONFLICT, "eu.parquet");
  CHECK_FAILS(commit(relaxed), status::CONFLICT, "eu.parquet");
  BOOST_TEST((plan(commit(elsewhere)) == paths{"asia.parquet", "moved.parquet"}));
}

BOOST_FIXTURE_TEST_CASE(a_named_file_that_is_gone_meanwhile_is_a_conflict, three_files) {
  const table mine = delete_files(*was, {"data/eu.parquet"}, serializable);
  commit(delete_where(open(), region_is("eu"), serializable));
  CHECK_FAILS(commit(mine), status::CONFLICT);
}

BOOST_FIXTURE_TEST_CASE(a_branch_is_written_to, three_files) {
  file_operation_options on_branch;
  on_branch.branch = "audit";
  const table now = commit(delete_where(*was, region_is("eu"), on_branch));
  BOOST_TEST(plan(now).size() == 3u);
  scan_request there;
  there.ref = "audit";
  BOOST_TEST((plan(now, there) == paths{"asia.parquet", "us.parquet"}));
}

BOOST_FIXTURE_TEST_CASE(a_filter_means_the_columns_of_its_caller, three_files) {
  const table mine = delete_where(*was, region_is("eu"), serializable);
  const table unconcerned = delete_where(*was, region_is("us"), serializable);
  schema_change::rename first, second;
  first.name = "amount";
  first.new_name = "sum";
  commit(evolve_schema(open(), {first}));
  BOOST_TEST(plan(commit(unconcerned)).size() == 2u);
  second.name = "region";
  second.new_name = "country";
  commit(evolve_schema(open(), {second}));
  CHECK_FAILS(commit(mine), status::CONFLICT, "column region was renamed");
}

BOOST_FIXTURE_TEST_CASE(what_was_compacted_meanwhile_was_added_all_the_same, three_files) {
  const table mine = overwrite_files(*was, {"data/eu.parquet"}, file("eu2"), serializable);
  others_append("late", "us");
  commit(rewrite_files(open(), {"data/late.parquet"}, files(open(), "late2", "us"), std::nullopt, serializable));
  CHECK_FAILS(commit(mine), status::CONFLICT, "late2.parquet");
}

BOOST_FIXTURE_TEST_CASE(no_file_is_doubled, three_files) {
  CHECK_FAILS(commit(rewrite_files(*was, {"data/eu.parquet"}, file("us", "us"), std::nullopt, serializable)),
              status::ALREADY_EXISTS);
  const table again = commit(overwrite_files(*was, {"data/eu.parquet"}, file("eu"), serializable));
  BOOST_TEST((plan(again) == paths{"asia.parquet", "eu.parquet", "us.parquet"}));
}

BOOST_FIXTURE_TEST_CASE(a_value_that_has_moved_its_branch_does_not_contradict_itself, three_files) {
  const table later = commit(append(*was, file("later")));
  const table back =
      delete_where(roll_back(later, *was->metadata()->current_snapshot_id), region_is("us"), serializable);
  BOOST_TEST((plan(commit(back)) == paths{"asia.parquet", "eu.parquet"}));
}

BOOST_FIXTURE_TEST_CASE(row_ids_stay_with_their_files, sample_table) {
  table made = commit(create("three", 3));
  for (const char *region : {"eu", "us", "asia"}) made = append(made, files(made, region, region));
  made = commit(made);
  made = commit(delete_where(made, region_is("us"), serializable));
  made = commit(append(made, files(made, "late")));
  BOOST_TEST(made.metadata()->next_row_id >= 40);
  const table value = made;
  auto read = [value]() -> task<std::map<std::string, std::int64_t>> {
    std::map<std::string, std::int64_t> first;
    const auto planned = co_await plan_scan(value, scan_request());
    scan_stream over(planned, false);
    while (co_await over.advance()) {
      const planned_files batch = over.take_files();
      const std::vector<std::int64_t> ids = batch.entries.first_row_ids();
      for (const std::uint32_t row : batch.rows) {
        const std::string path(batch.entries->files.path(row));
        first[path.substr(path.rfind('/') + 1)] = ids[row];
      }
    }
    co_return first;
  };
  const std::map<std::string, std::int64_t> ids = run_to_end(environment, read);
  BOOST_TEST(ids.at("eu.parquet") == 0);
  BOOST_TEST(ids.at("asia.parquet") == 20);
  BOOST_TEST(ids.at("late.parquet") >= 30);
}

BOOST_AUTO_TEST_SUITE_END()
