// Write, audit, publish: a snapshot that no branch is at.

#include "table/operations/refs_on_a_line.h"
#include "table/queue_of_commits.h"

using namespace evodb;
using namespace table_tests;

BOOST_AUTO_TEST_SUITE(staged_append_test)

BOOST_AUTO_TEST_CASE(is_in_the_table_and_on_no_branch) {
  const three_appends in;
  const table made = append(in.value, sample_table::files(in.value, "d"), staged());
  const std::int64_t id = made.metadata()->snapshots.back()->snapshot_id;
  const table committed = in.commit(made);
  const paths before{"a.parquet", "b.parquet", "c.parquet"};
  const paths with_it{"a.parquet", "b.parquet", "c.parquet", "d.parquet"};
  for (const table &one : {made, committed, in.open()}) {
    BOOST_TEST(in.plan(one) == before, boost::test_tools::per_element());
    BOOST_TEST(in.plan(one, at_snapshot(id)) == with_it, boost::test_tools::per_element());
    BOOST_TEST(at(one, "main").value() == in.ids[2]);
    BOOST_TEST(one.metadata()->snapshots.back()->parent_snapshot_id.value() == in.ids[2]);
    BOOST_TEST(one.metadata()->snapshot_log.back().snapshot_id == in.ids[2]);
  }
}

BOOST_AUTO_TEST_CASE(two_of_one_value_do_not_see_each_other) {
  const three_appends in;
  table made = append(in.value, sample_table::files(in.value, "d"), staged());
  const std::int64_t first = made.metadata()->snapshots.back()->snapshot_id;
  made = append(made, sample_table::files(made, "e"), staged());
  const std::int64_t second = made.metadata()->snapshots.back()->snapshot_id;
  made = append(made, sample_table::files(made, "f"));
  const table committed = in.commit(made);
  BOOST_TEST(committed.base().version == in.value.base().version + 1);
  for (const table &one : {made, committed}) {
    BOOST_TEST(in.plan(one, at_snapshot(first)).back() == "d.parquet");
    BOOST_TEST(in.plan(one, at_snapshot(first)).size() == 4u);
    BOOST_TEST(in.plan(one, at_snapshot(second)).back() == "e.parquet");
    BOOST_TEST(in.plan(one, at_snapshot(second)).size() == 4u);
    BOOST_TEST(in.plan(one).back() == "f.parquet");
    BOOST_TEST(in.plan(one).size() == 4u);
  }
}

BOOST_AUTO_TEST_CASE(begins_at_the_branch_that_it_names_and_makes_none) {
  const three_appends in;
  const table base = in.commit(set_branch(in.value, "b", in.ids[0]));
  const table committed = in.commit(append(base, sample_table::files(base, "d"), staged({}, "b")));
  const std::int64_t id = committed.metadata()->snapshots.back()->snapshot_id;
  BOOST_TEST(in.plan(committed, at_snapshot(id)) == (paths{"a.parquet", "d.parquet"}),
             boost::test_tools::per_element());
  BOOST_TEST(at(committed, "b").value() == in.ids[0]);
  const table on_none = in.commit(append(committed, sample_table::files(committed, "e"), staged({}, "new")));
  BOOST_TEST(!at(on_none, "new").has_value());
}

BOOST_AUTO_TEST_CASE(is_made_anew_on_what_has_moved_since) {
  const three_appends in;
  const table mine = append(in.value, sample_table::files(in.value, "d"), staged());
  const table theirs = in.commit(append(in.value, sample_table::files(in.value, "e")));
  const table committed = in.commit(mine);
  BOOST_TEST((committed.metadata()->snapshots.back()->parent_snapshot_id == at(theirs, "main")));
  BOOST_TEST((at(committed, "main") == at(theirs, "main")));
}

BOOST_AUTO_TEST_CASE(is_known_by_its_id_and_its_key_is_the_tables) {
  const three_appends in;
  const idempotency_key key("load", 1);
  const table mine = append(in.value, sample_table::files(in.value, "d"), staged());
  in.commit(mine, key);
  BOOST_TEST(in.commit(mine).report().already_committed);
  const table base = in.open();
  const table on_main = in.commit(append(base, sample_table::files(base, "d")), key);
  BOOST_TEST(on_main.report().already_committed);
  BOOST_TEST(in.plan(on_main).size() == 3u);
}

BOOST_AUTO_TEST_CASE(goes_with_appends_to_branches_in_one_version) {
  const faulty_table in;
  table base = in.commit(in.create());
  base = in.commit(append(base, sample_table::files(base, "a")));
  queue_of_commits queue(in);
  const auto first = queue.add(append(base, sample_table::files(base, "b")));
  const auto second = queue.add(append(base, sample_table::files(base, "c"), on_branch("side")));
  const auto third = queue.add(append(base, sample_table::files(base, "d"), staged()));
  queue.run();
  const table committed = result_of(third);
  BOOST_TEST(result_of(first).base().version == base.base().version + 1);
  BOOST_TEST(result_of(second).base().version == committed.base().version);
  BOOST_TEST(in.plan(committed) == (paths{"a.parquet", "b.parquet"}), boost::test_tools::per_element());
  // Branches that are not there begin at main, as it is by then.
  const paths side{"a.parquet", "b.parquet", "c.parquet"};
  BOOST_TEST(in.plan(committed, at_ref("side")) == side, boost::test_tools::per_element());
  const paths with_d{"a.parquet", "b.parquet", "d.parquet"};
  const std::int64_t id = committed.metadata()->snapshots.back()->snapshot_id;
  BOOST_TEST(in.plan(committed, at_snapshot(id)) == with_d, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
