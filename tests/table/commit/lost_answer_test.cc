// The bug that destroyed tables elsewhere: a lost answer taken for a lost race, and what had landed cleaned up or
// appended again.

#include "failure.h"
#include "table/commit/commit.h"
#include "table/faulty_table.h"

using namespace evodb;
using table_tests::fault;
using table_tests::faulty_table;
using table_tests::paths;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(lost_answer_test)

BOOST_AUTO_TEST_CASE(whatever_the_answer_an_append_lands_once) {
  const std::vector<std::deque<fault>> stories = {
      {fault::lost_before},
      {fault::lost_after},
      {fault::thrown_after},
      {fault::hidden_copy},
      {fault::lost_before, fault::lost_before, fault::lost_after},
      {fault::lost_before, fault::refused},  // a refusal after an ambiguous try proves nothing
      {fault::lost_before, fault::hidden_copy},
  };
  for (std::size_t story = 0; story < stories.size(); ++story) {
    BOOST_TEST_CONTEXT("story " << story) {
      const faulty_table in;
      const table base = in.commit(in.create());
      in.store->play(stories[story]);
      const table committed = in.commit(append(base, sample_table::files(base, "a"), {}));
      BOOST_TEST(committed.base().version == 2);
      BOOST_TEST(in.plan(in.open()) == paths{"a.parquet"}, boost::test_tools::per_element());
      BOOST_TEST(in.open().metadata()->snapshots.size() == 1u);
      BOOST_TEST(in.stored_lists() == 1u);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_lost_create_is_still_a_create) {
  for (const fault played : {fault::lost_before, fault::lost_after, fault::thrown_after, fault::hidden_copy}) {
    const faulty_table in;
    in.store->play({played});
    const table created = in.commit(in.create());
    BOOST_TEST((in.open().metadata()->table_uuid == created.metadata()->table_uuid));
  }
}

BOOST_AUTO_TEST_CASE(overtaken_with_the_answer_lost_both_are_there_once) {
  const faulty_table in;
  const table base = in.commit(in.create());
  in.store->overtake = [&in]() -> task<> { co_await in.append_elsewhere("theirs"); };
  in.store->play({fault::overtaken});
  const table committed = in.commit(append(base, sample_table::files(base, "mine"), {}));
  BOOST_TEST(committed.base().version == 3);
  const paths expected{"mine.parquet", "theirs.parquet"};
  BOOST_TEST(in.plan(in.open()) == expected, boost::test_tools::per_element());
  BOOST_TEST(in.stored_lists() == 2u);  // the lost body's list is gone, and nothing else
}

BOOST_AUTO_TEST_CASE(a_refusal_of_the_only_copy_is_definite_and_the_value_can_be_committed_later) {
  const faulty_table in;
  const table base = in.commit(in.create());
  const table value = append(base, sample_table::files(base, "a"), {});
  in.store->play({fault::refused});
  CHECK_FAILS(in.commit(value), status::ACCESS_DENIED, "refused");
  BOOST_TEST(in.open().base().version == 1);
  BOOST_TEST(in.stored_lists() == 0u);
  in.commit(value);
  BOOST_TEST(in.plan(in.open()) == paths{"a.parquet"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_unknown_outcome_deletes_nothing_and_is_settled_by_committing_again) {
  for (const bool has_landed : {true, false}) {
    const faulty_table in;
    const table base = in.commit(in.create());
    const table value = append(base, sample_table::files(base, "a"), {});
    in.store->play({has_landed ? fault::lost_after : fault::lost_before});
    in.store->reads_fail = true;
    BOOST_CHECK_EXCEPTION(in.commit(value), error, [](const error &unknown) {
      return unknown.code() == status::COMMIT_STATE_UNKNOWN && !unknown.commit_token.empty();
    });
    in.store->reads_fail = false;
    BOOST_TEST(in.open().base().version == (has_landed ? 2 : 1));
    if (has_landed) BOOST_TEST(in.plan(in.open()) == paths{"a.parquet"}, boost::test_tools::per_element());

    // A value made on top of the unknown one, committed first, settles it too.
    const table more = append(value, sample_table::files(value, "b"), {});
    in.commit(more);
    in.commit(value);
    const paths expected{"a.parquet", "b.parquet"};
    BOOST_TEST(in.plan(in.open()) == expected, boost::test_tools::per_element());
    BOOST_TEST(in.open().metadata()->snapshots.size() == 2u);
    BOOST_TEST(in.stored_lists() == in.live_lists().size());
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_outcome_with_others_in_between_is_settled_once) {
  for (const bool has_landed : {true, false}) {
    const faulty_table in;
    const table base = in.commit(in.create());
    const table value = append(base, sample_table::files(base, "mine"), {});
    in.store->play({has_landed ? fault::lost_after : fault::lost_before});
    in.store->reads_fail = true;
    CHECK_FAILS(in.commit(value), status::COMMIT_STATE_UNKNOWN);
    in.store->reads_fail = false;
    for (int i = 0; i < 20; ++i) {
      const std::string name = "theirs-" + std::to_string(i);
      run_to_end(in.environment, [&in, name]() -> task<int> {
        co_await in.append_elsewhere(name);
        co_return 0;
      });
    }
    in.commit(value);
    BOOST_TEST(in.open().metadata()->snapshots.size() == 21u);
    BOOST_TEST(in.plan(in.open()).size() == 21u);
  }
}

BOOST_AUTO_TEST_CASE(a_body_that_is_read_cut_short_is_not_anothers) {
  const faulty_table in;
  const table base = in.commit(in.create());
  const table value = append(base, sample_table::files(base, "a"), {});
  in.store->play({fault::lost_after});
  in.store->reads_are_cut = true;
  CHECK_FAILS(in.commit(value), status::COMMIT_STATE_UNKNOWN);
  in.store->reads_are_cut = false;
  in.commit(value);
  BOOST_TEST(in.open().metadata()->snapshots.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_table_that_took_the_place_of_another_is_not_committed_to) {
  const faulty_table in;
  const table created = in.create();
  in.commit(created);
  const auto remove = [where = in.others->storage()]() -> task<int> {
    const std::vector<std::string> keys{"t/metadata/v1.metadata.json", "t/metadata/version-hint.text"};
    co_await where->store().remove(keys);
    co_return 0;
  };
  run_to_end(in.environment, remove);
  const table other = in.commit(in.create());
  const table stale = append(created, sample_table::files(created, "a"), {});
  CHECK_FAILS(in.commit(stale), status::CONFLICT, other.metadata()->table_uuid.to_text());
  BOOST_TEST(in.open().metadata()->snapshots.empty());
}

BOOST_AUTO_TEST_SUITE_END()
