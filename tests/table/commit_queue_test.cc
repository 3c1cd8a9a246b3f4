// Commits that wait for one another become one version; each keeps its own outcome.

#include "failure.h"
#include "table/queue_of_commits.h"

using namespace evodb;
using table_tests::fault;
using table_tests::faulty_table;
using table_tests::paths;
using table_tests::queue_of_commits;
using table_tests::result_of;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(commit_queue_test)

namespace {

table append(const table &to, const std::string &name) {
  return append(to, sample_table::files(to, name), {});
}

}  // namespace

BOOST_AUTO_TEST_CASE(those_that_wait_become_one_version_with_a_snapshot_each) {
  const faulty_table in;
  const table base = in.commit(in.create());
  queue_of_commits queue(in);
  for (const char *name : {"a", "b", "c", "d"}) queue.add(append(base, name));
  queue.run();
  const table now = in.open();
  BOOST_TEST(now.base().version == 2);
  BOOST_TEST(now.metadata()->snapshots.size() == 4u);
  BOOST_TEST(now.metadata()->snapshot_log.size() == 1u);
  const paths expected{"a.parquet", "b.parquet", "c.parquet", "d.parquet"};
  BOOST_TEST(in.plan(now) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_member_that_does_not_fit_fails_alone) {
  const faulty_table in;
  const table base = in.commit(in.create());
  const schema_changes rename{schema_change::rename{"amount", "price"}};
  const schema_changes drop{schema_change::drop{"amount"}};
  queue_of_commits queue(in);
  const auto first = queue.add(append(base, "a"));
  const auto second = queue.add(evolve_schema(base, rename));
  const auto third = queue.add(evolve_schema(base, drop));
  const auto fourth = queue.add(append(base, "b"));
  queue.run();
  BOOST_TEST(result_of(first).base().version == 2);
  BOOST_TEST(result_of(second).base().version == 2);
  CHECK_FAILS(result_of(third), status::CONFLICT, "was made on schema 0");
  BOOST_TEST(result_of(fourth).base().version == 2);
  BOOST_TEST(in.plan(in.open()).size() == 2u);
  BOOST_TEST(in.stored_lists() == in.live_lists().size());
}

BOOST_AUTO_TEST_CASE(values_that_share_changes_and_keys_that_are_equal) {
  const faulty_table in;
  const table base = in.commit(in.create());
  const table one = append(base, "a");
  queue_of_commits queue(in);
  const auto shared = queue.add(one);
  const auto more = queue.add(append(one, "b"));
  const auto again = queue.add(one);
  const auto keyed = queue.add(append(base, "c"), idempotency_key("job", 1));
  const auto same_key = queue.add(append(base, "d"), idempotency_key("job", 1));
  queue.run();
  for (const auto &each : {shared, more, again}) BOOST_TEST(!result_of(each).report().already_committed);
  BOOST_TEST((!result_of(keyed).report().already_committed && result_of(same_key).report().already_committed));
  const paths expected{"a.parquet", "b.parquet", "c.parquet"};
  BOOST_TEST(in.plan(in.open()) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(keys_of_one_application_go_up_in_whichever_order_they_came) {
  const faulty_table in;
  const table base = in.commit(in.create());
  queue_of_commits queue(in);
  std::vector<std::shared_ptr<operation>> all;
  for (const std::int64_t sequence : {3, 1, 2})
    all.push_back(queue.add(append(base, std::to_string(sequence)), idempotency_key("job", sequence)));
  queue.run();
  for (const auto &each : all) BOOST_TEST(result_of(each).base().version == 2);
  BOOST_TEST(*in.open().metadata()->property("evodb.app.job") == "3");
}

BOOST_AUTO_TEST_CASE(an_unknown_outcome_is_that_of_every_member_and_each_has_its_token) {
  for (const bool has_landed : {true, false}) {
    const faulty_table in;
    const table base = in.commit(in.create());
    const table one = append(base, "a"), two = append(base, "b");
    queue_of_commits queue(in);
    const auto first = queue.add(one);
    const auto second = queue.add(two);
    in.store->play({has_landed ? fault::lost_after : fault::lost_before});
    in.store->reads_fail = true;
    queue.run();
    in.store->reads_fail = false;
    std::vector<std::string> tokens;
    for (const auto &each : {first, second}) {
      BOOST_CHECK_EXCEPTION(result_of(each), error, [&](const error &unknown) {
        tokens.push_back(unknown.commit_token);
        return unknown.code() == status::COMMIT_STATE_UNKNOWN;
      });
    }
    BOOST_TEST(tokens.at(0) != tokens.at(1));
    in.commit(two);
    in.commit(one);
    const paths expected{"a.parquet", "b.parquet"};
    BOOST_TEST(in.plan(in.open()) == expected, boost::test_tools::per_element());
    BOOST_TEST(in.stored_lists() == in.live_lists().size());
  }
}

BOOST_AUTO_TEST_CASE(a_member_that_is_cancelled_while_it_waits_is_not_sent) {
  const faulty_table in;
  const table base = in.commit(in.create());
  queue_of_commits queue(in);
  const auto leader = queue.add(append(base, "a"));
  leader->cancel();
  queue.run();
  CHECK_FAILS(result_of(leader), status::CANCELLED, "cancelled");
  BOOST_TEST(in.open().base().version == 1);
}

BOOST_AUTO_TEST_SUITE_END()
