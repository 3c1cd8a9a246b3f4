// A caller's key is committed once, by any process, in any value, and after its snapshot has expired.

#include "table/idempotency.h"

#include <thread>

#include "failure.h"
#include "table/faulty_table.h"

using namespace evodb;
using table_tests::fault;
using table_tests::faulty_table;
using table_tests::paths;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(idempotency_test)

namespace {

idempotency_key job(std::int64_t sequence) {
  return {"job", sequence};
}

/// A process that starts anew and does its work again, with its files under other names.
table again(const sample_table &in, const std::string &name) {
  const table opened = in.open();
  return append(opened, sample_table::files(opened, name), {});
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_same_key_from_another_value_is_committed_once) {
  const sample_table in;
  in.commit(in.create());
  const table first = in.commit(again(in, "a"), job(7));
  BOOST_TEST(!first.report().already_committed);
  const table second = in.commit(again(in, "b"), job(7));
  BOOST_TEST(second.report().already_committed);
  BOOST_TEST(second.base().version == first.base().version);
  BOOST_TEST(in.plan(in.open()) == paths{"a.parquet"}, boost::test_tools::per_element());
  BOOST_TEST(*in.open().metadata()->property("evodb.app.job") == "7");
  BOOST_TEST(*find_value(in.open().metadata()->snapshots[0]->summary, "evodb.app.job") == "7");
}

BOOST_AUTO_TEST_CASE(a_lower_key_is_known_by_its_snapshot_or_refused) {
  const sample_table in;
  in.commit(in.create());
  in.commit(again(in, "a"), job(3));
  in.commit(again(in, "b"), job(5));
  BOOST_TEST(in.commit(again(in, "c"), job(3)).report().already_committed);
  CHECK_FAILS(in.commit(again(in, "d"), job(4)), status::IDEMPOTENCY_KEY_OUT_OF_ORDER, "sequence 4 after 5");
  in.commit(again(in, "e"), idempotency_key("another", 4));
  const paths expected{"a.parquet", "b.parquet", "e.parquet"};
  BOOST_TEST(in.plan(in.open()) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_key_outlives_its_snapshot) {
  const faulty_table in;
  in.commit(set_properties(in.create(), {{"evodb.commit.max-snapshots", "1"}}, {}));
  in.commit(again(in, "a"), job(1));
  in.impatient->later_ms = 2 * 3600 * 1000;
  const table other = in.commit(again(in, "b"));
  BOOST_TEST(other.report().expired_snapshots == 1);
  BOOST_TEST(other.metadata()->snapshots.size() == 1u);
  BOOST_TEST(in.commit(again(in, "c"), job(1)).report().already_committed);
  const paths expected{"a.parquet", "b.parquet"};
  BOOST_TEST(in.plan(in.open()) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(changes_without_a_snapshot_have_keys_too) {
  const sample_table in;
  BOOST_TEST(!in.commit(in.create(), job(1)).report().already_committed);
  BOOST_TEST(in.commit(in.create(), job(1)).report().already_committed);
  CHECK_FAILS(in.commit(in.create(), job(2)), status::ALREADY_EXISTS, "already a table here");
  const auto set = [&](const char *value) { return set_properties(in.open(), {{"owner", value}}, {}); };
  in.commit(set("first"), job(2));
  in.commit(set("second"), job(2));
  BOOST_TEST(*in.open().metadata()->property("owner") == "first");
}

BOOST_AUTO_TEST_CASE(after_an_unknown_outcome_a_restart_with_the_key_does_not_double) {
  for (const bool has_landed : {true, false}) {
    const faulty_table in;
    in.commit(in.create());
    const table value = again(in, "a");
    in.store->play({has_landed ? fault::lost_after : fault::lost_before});
    in.store->reads_fail = true;
    CHECK_FAILS(in.commit(value, job(1)), status::COMMIT_STATE_UNKNOWN, "");
    in.store->reads_fail = false;
    BOOST_TEST(in.commit(again(in, "b"), job(1)).report().already_committed == has_landed);
    // The process that got no outcome commits its value again as well.
    in.commit(value, job(1));
    BOOST_TEST(in.plan(in.open()) == paths{has_landed ? "a.parquet" : "b.parquet"}, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(one_key_from_many_threads_is_committed_once) {
  const sample_table in;
  in.commit(in.create());
  std::vector<std::thread> threads;
  std::atomic<int> wrote = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (std::int64_t sequence = 1; sequence <= 5; ++sequence) {
        const table committed = in.commit(again(in, fmt::format("{}-{}", i, sequence)), job(sequence));
        if (!committed.report().already_committed) ++wrote;
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  BOOST_TEST(wrote == 5);
  BOOST_TEST(in.plan(in.open()).size() == 5u);
}

BOOST_AUTO_TEST_CASE(what_is_no_key_and_properties_that_are_not_the_callers) {
  const sample_table in;
  const table base = in.commit(in.create());
  CHECK_FAILS(in.commit(base, idempotency_key("", 1)), status::INVALID_ARGUMENT, "1 to 200 bytes");
  CHECK_FAILS(in.commit(base, idempotency_key(std::string(201, 'x'), 1)), status::INVALID_ARGUMENT, "201");
  CHECK_FAILS(in.commit(base, job(-1)), status::INVALID_ARGUMENT, "negative: -1");
  CHECK_FAILS(set_properties(base, {{"evodb.app.job", "9"}}, {}), status::INVALID_ARGUMENT, "evodb.app.job");
  CHECK_FAILS(set_properties(base, {}, {"evodb.app.job"}), status::INVALID_ARGUMENT, "evodb.app.job");
}

BOOST_AUTO_TEST_SUITE_END()
