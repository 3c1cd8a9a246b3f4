#include "table/operations/cherry_pick.h"

#include <fmt/format.h>

#include "expression/parse.h"
#include "failure.h"
#include "table/operations/refs_on_a_line.h"
#include "table/operations/replace_partitions.h"

using namespace evodb;
using namespace table_tests;

BOOST_AUTO_TEST_SUITE(cherry_pick_test)

namespace {

/// A staged append of the file "d" on c, and then another append, e, on main.
struct staged_append : three_appends {
  explicit staged_append(const string_pairs &summary = {})
      : base(commit(append(value, files(value, "d", "us", 25), staged(summary)))),
        source(base.metadata()->snapshots.back()->snapshot_id),
        moved(commit(append(base, files(base, "e")))) {}

  const table base;
  const std::int64_t source;
  const table moved;
};

/// As another writer would have made the last snapshot: with this operation and these properties.
table as_of_another_writer(const table &of, const std::string &operation, const string_pairs &summary) {
  table_version version = of.base();
  auto metadata = std::make_shared<table_metadata>(*version.metadata);
  snapshot last = *metadata->snapshots.back();
  metadata->snapshots.erase_if([&](const auto &s) { return s->snapshot_id == last.snapshot_id; });
  last.summary = {{"operation", operation}};
  for (const auto &[key, text] : summary) set_value(last.summary, key, text);
  metadata->snapshots.push_back(std::make_shared<const snapshot>(std::move(last)));
  version.metadata = metadata;
  return table(of.context(), version);
}

cherry_pick_options onto(const std::string &branch) {
  cherry_pick_options options;
  options.branch = branch;
  return options;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_branch_at_the_parent_moves_to_the_snapshot) {
  const three_appends in;
  const table base = in.commit(append(in.value, sample_table::files(in.value, "d"), staged()));
  const std::int64_t source = base.metadata()->snapshots.back()->snapshot_id;
  const table picked = pick(in, base, source);
  BOOST_TEST(picked.metadata()->current_snapshot_id.value() == source);
  const table published = in.commit(picked);
  BOOST_TEST(in.plan(published).size() == 4u);
  BOOST_TEST(published.metadata()->current_snapshot_id.value() == source);
  BOOST_TEST(published.metadata()->snapshots.size() == 4u);  // none was made for it
}

BOOST_AUTO_TEST_CASE(a_staged_snapshot_that_is_the_tables_first) {
  const sample_table in;
  const table created = in.commit(in.create());
  const table base = in.commit(append(created, sample_table::files(created, "a"), staged()));
  BOOST_TEST(!base.metadata()->current_snapshot_id.has_value());
  const std::int64_t source = base.metadata()->snapshots.back()->snapshot_id;
  const table picked = pick(in, base, source);
  BOOST_TEST(in.plan(in.commit(picked)) == paths{"a.parquet"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(elsewhere_its_files_are_appended_anew) {
  const staged_append in;
  cherry_pick_options options;
  options.summary = {{"who", "auditor"}};
  const table picked = pick(in, in.moved, in.source, options);
  const paths all{"a.parquet", "b.parquet", "c.parquet", "d.parquet", "e.parquet"};
  BOOST_TEST(in.plan(picked) == all, boost::test_tools::per_element());  // uncommitted as it is
  const table published = in.commit(picked);
  for (const table &one : {published, in.open()}) BOOST_TEST(in.plan(one) == all, boost::test_tools::per_element());
  const snapshot &made = *published.metadata()->current_snapshot();
  BOOST_TEST(made.snapshot_id != in.source);
  BOOST_TEST(made.parent_snapshot_id.value() == in.moved.metadata()->current_snapshot_id.value());
  const std::pair<const char *, std::string> expected[] = {
      {"operation", "append"}, {"source-snapshot-id", std::to_string(in.source)},
      {"who", "auditor"},      {"added-data-files", "1"},
      {"added-records", "25"}, {"added-files-size", "1000"},
      {"total-records", "65"}};
  for (const auto &[key, text] : expected) BOOST_TEST(*find_value(made.summary, key) == text, key);
  BOOST_TEST(find_value(made.summary, "published-wap-id") == nullptr);
  scan_request there;
  there.filter = parse_filter("region = 'us'");
  BOOST_TEST(in.plan(published, there) == paths{"d.parquet"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(only_what_the_snapshot_added_also_where_its_commit_merged_manifests) {
  const three_appends in;
  const table merging = in.commit(set_properties(in.value, {{"commit.manifest.min-count-to-merge", "2"}}, {}));
  const table base = in.commit(append(merging, sample_table::files(merging, "d"), staged()));
  const std::int64_t source = base.metadata()->snapshots.back()->snapshot_id;
  const table moved = in.commit(roll_back(base, in.ids[0]));
  const table published = in.commit(pick(in, moved, source));
  BOOST_TEST(in.plan(published) == (paths{"a.parquet", "d.parquet"}), boost::test_tools::per_element());
  BOOST_TEST(*find_value(published.metadata()->current_snapshot()->summary, "added-data-files") == "1");
}

BOOST_AUTO_TEST_CASE(row_ids_are_given_anew_in_version_3) {
  const sample_table in;
  const table created = in.commit(in.create("t", 3));
  const table base = in.commit(append(created, sample_table::files(created, "a", "eu", 100), staged()));
  const std::int64_t source = base.metadata()->snapshots.back()->snapshot_id;
  const table moved = in.commit(append(base, sample_table::files(base, "b", "eu", 10)));
  const table picked = pick(in, moved, source);
  const table published = in.commit(picked);
  BOOST_TEST(published.metadata()->current_snapshot()->first_row_id.value() == 110);
  BOOST_TEST(published.metadata()->current_snapshot()->added_rows.value() == 100);
  BOOST_TEST(published.metadata()->next_row_id == 210);
}

BOOST_AUTO_TEST_CASE(onto_another_branch) {
  const staged_append in;
  const table base = in.commit(set_tag(set_branch(in.moved, "b", in.ids[0]), "t", in.ids[0]));
  const table published = in.commit(pick(in, base, in.source, onto("b")));
  BOOST_TEST(in.plan(published, at_ref("b")) == (paths{"a.parquet", "d.parquet"}), boost::test_tools::per_element());
  BOOST_TEST((at(published, "main") == at(in.moved, "main")));
  CHECK_FAILS(pick(in, base, in.source, onto("t")), status::INVALID_ARGUMENT, "'t' is a tag");
  CHECK_FAILS(pick(in, base, in.source, onto("")), status::INVALID_ARGUMENT, "empty");
  BOOST_TEST(in.plan(in.commit(pick(in, published, in.source, onto("new"))), at_ref("new")).size() == 5u);
}

BOOST_AUTO_TEST_CASE(once_on_a_branch) {
  const staged_append in;
  CHECK_FAILS(pick(in, in.moved, in.ids[1]), status::ALREADY_EXISTS,
              fmt::format("snapshot {} is on branch main already", in.ids[1]));
  const table mine = pick(in, in.moved, in.source);
  const table published = in.commit(pick(in, in.moved, in.source));
  CHECK_FAILS(pick(in, published, in.source), status::ALREADY_EXISTS,
              fmt::format("snapshot {} is published on branch main already, as snapshot {}", in.source,
                          at(published, "main").value()));
  CHECK_FAILS(in.commit(mine), status::CONFLICT, "is published on branch main already");
  // A branch of its own has it once more; one that begins at main has it already.
  const table other = set_branch(published, "b", in.ids[0]);
  BOOST_TEST(in.commit(pick(in, other, in.source, onto("b"))).metadata()->snapshots.size() == 7u);
  CHECK_FAILS(pick(in, published, in.source, onto("new")), status::ALREADY_EXISTS, "on branch new already");
  // What was published once is not published again by way of another branch.
  const table branched = in.commit(set_branch(published, "d", in.source));
  const std::int64_t on_main = at(branched, "main").value();
  CHECK_FAILS(pick(in, branched, on_main, onto("d")), status::ALREADY_EXISTS, "branch d already");
}

BOOST_AUTO_TEST_CASE(one_wap_id_is_published_once) {
  const staged_append in(string_pairs{{"wap.id", "load-7"}});
  const table twice = in.commit(append(in.moved, sample_table::files(in.moved, "f"), staged({{"wap.id", "load-7"}})));
  const std::int64_t other = twice.metadata()->snapshots.back()->snapshot_id;
  const table published = in.commit(pick(in, twice, in.source));
  BOOST_TEST(*find_value(published.metadata()->current_snapshot()->summary, "published-wap-id") == "load-7");
  CHECK_FAILS(pick(in, published, other), status::ALREADY_EXISTS,
              fmt::format("wap.id load-7 of snapshot {} is published on branch main already, by snapshot {}", other,
                          at(published, "main").value()));
  const table forward = in.commit(pick(in, in.commit(roll_back(published, in.ids[2])), in.source));
  BOOST_TEST(at(forward, "main").value() == in.source);  // itself, with its own wap.id
  CHECK_FAILS(pick(in, forward, other), status::ALREADY_EXISTS, "wap.id load-7");
}

BOOST_AUTO_TEST_CASE(appends_of_others_are_no_conflict_and_its_own_success_is_none) {
  const staged_append in;
  const table mine = pick(in, in.moved, in.source);
  in.commit(append(in.moved, sample_table::files(in.moved, "f")));
  const table published = in.commit(mine);
  BOOST_TEST(in.plan(published).size() == 6u);
  BOOST_TEST(in.commit(mine).report().already_committed);
}

BOOST_AUTO_TEST_CASE(a_branch_that_leaves_the_parent_is_a_conflict) {
  const three_appends in;
  const table base = in.commit(append(in.value, sample_table::files(in.value, "d"), staged()));
  const std::int64_t source = base.metadata()->snapshots.back()->snapshot_id;
  const table mine = pick(in, base, source);
  const table moved = in.commit(append(base, sample_table::files(base, "e")));
  CHECK_FAILS(in.commit(mine), status::CONFLICT,
              fmt::format("publishing snapshot {} by moving main to it was made when branch main was at snapshot {}",
                          source, in.ids[2]));
  BOOST_TEST(in.plan(in.commit(pick(in, moved, source))).size() == 5u);
}

BOOST_AUTO_TEST_CASE(what_is_no_append_only_at_its_parent) {
  const three_appends in;
  const table staged_one = in.commit(append(in.value, sample_table::files(in.value, "d"), staged()));
  const table removing = as_of_another_writer(staged_one, "delete", {});
  const std::int64_t source = removing.metadata()->snapshots.back()->snapshot_id;
  BOOST_TEST(at(pick(in, removing, source), "main").value() == source);
  CHECK_FAILS(pick(in, roll_back(removing, in.ids[0]), source), status::CONFLICT,
              fmt::format("snapshot {} is no append (its operation is 'delete'), so it can be published only while "
                          "branch main is at its parent",
                          source));
  const table replacing_some = as_of_another_writer(staged_one, "overwrite", {{"replace-partitions", "true"}});
  BOOST_TEST(at(pick(in, replacing_some, source), "main").value() == source);
  CHECK_FAILS(pick(in, roll_back(replacing_some, in.ids[0]), source), status::CONFLICT,
              fmt::format("snapshot {} replaces partitions of snapshot", source));
  const table overwriting = as_of_another_writer(staged_one, "overwrite", {{"replace-partitions", "false"}});
  CHECK_FAILS(pick(in, roll_back(overwriting, in.ids[0]), source), status::CONFLICT, "'overwrite'");
}

BOOST_FIXTURE_TEST_CASE(replaced_partitions_are_published_if_nothing_came_to_them, sample_table) {
  table made = commit(create());
  made = commit(append(append(made, files(made, "eu")), files(made, "us", "us")));
  file_operation_options staged;
  staged.is_staged = true;
  const table with_staged = commit(replace_partitions(made, files(made, "eu2"), staged));
  const std::int64_t source = with_staged.metadata()->snapshots.back()->snapshot_id;
  BOOST_TEST((plan(with_staged) == paths{"eu.parquet", "us.parquet"}));
  const auto publish = [&](const table &onto) {
    auto body = [onto, source]() -> task<table> {
      table on = onto;
      cherry_pick_options options;
      co_return co_await cherry_pick(std::move(on), source, std::move(options));
    };
    return run_to_end(environment, body);
  };
  const table elsewhere = commit(append(with_staged, files(with_staged, "us2", "us")));
  const table published = publish(elsewhere);
  const table late = commit(append(elsewhere, files(elsewhere, "late")));
  CHECK_FAILS(commit(published), status::CONFLICT, "late.parquet");
  CHECK_FAILS(commit(publish(late)), status::CONFLICT, "late.parquet");
  const table back = commit(roll_back(late, elsewhere.metadata()->current_snapshot()->snapshot_id));
  BOOST_TEST((plan(commit(publish(back))) == paths{"eu2.parquet", "us.parquet", "us2.parquet"}));
}

BOOST_AUTO_TEST_CASE(sources_and_summaries_that_do_not_fit) {
  const staged_append in;
  CHECK_FAILS(pick(in, in.moved, 5), status::NOT_FOUND, "no snapshot 5");
  cherry_pick_options options;
  options.summary = {{"total-records", "1"}};
  CHECK_FAILS(pick(in, in.moved, in.source, options), status::INVALID_ARGUMENT, "not the caller's to write");
  const table uncommitted = append(in.moved, sample_table::files(in.moved, "f"), staged());
  const std::int64_t id = uncommitted.metadata()->snapshots.back()->snapshot_id;
  CHECK_FAILS(pick(in, roll_back(uncommitted, in.ids[0]), id), status::INVALID_ARGUMENT, "is not committed yet");
  BOOST_TEST(in.plan(in.commit(pick(in, uncommitted, id))).size() == 5u);  // where it is moved to, that is one version
  BOOST_TEST(in.open().base().version == in.moved.base().version + 1);
}

BOOST_AUTO_TEST_CASE(files_that_no_longer_fit_the_schema) {
  const three_appends in;
  described_files described(in.value, false);
  data_file one;
  one.file_path = "data/d.parquet";
  one.record_count = 1;
  one.file_size = 100;
  column_metrics amount;
  amount.field_id = 3;
  amount.value_count = 1;
  one.metrics.push_back(amount);
  described.add(std::move(one), "{\"region\":\"eu\"}");
  const table base = in.commit(append(in.value, described.finish(), staged()));
  const std::int64_t source = base.metadata()->snapshots.back()->snapshot_id;
  const table moved = in.commit(append(base, sample_table::files(base, "e")));
  const table mine = pick(in, moved, source);
  const table evolved = in.commit(evolve_schema(moved, {schema_change::drop{"amount"}}));
  CHECK_FAILS(pick(in, evolved, source), status::CONFLICT, "the files hold the column amount");
  CHECK_FAILS(in.commit(mine), status::CONFLICT, "the files hold the column amount");
}

BOOST_AUTO_TEST_SUITE_END()
