#include "table/commit/commit.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <thread>

#include "expression/parse.h"
#include "failure.h"
#include "io/memory_store.h"
#include "io/peculiar_store.h"
#include "runtime/operation.h"
#include "table/sample_table.h"

using namespace evodb;
using evodb::table_tests::paths;
using evodb::table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(commit_test)

namespace {

std::set<std::int64_t> snapshot_ids(const table &of) {
  std::set<std::int64_t> ids;
  for (const auto &snapshot : of.metadata()->snapshots) ids.insert(snapshot->snapshot_id);
  return ids;
}

/// Parents follow one another, sequence numbers and times rise: history is one line.
void check_one_line(const table &of) {
  std::optional<std::int64_t> parent;
  std::int64_t sequence = 0, time = 0;
  for (const auto &snapshot : of.metadata()->snapshots) {
    BOOST_TEST((snapshot->parent_snapshot_id == parent));
    BOOST_TEST(snapshot->sequence_number == sequence + 1);
    BOOST_TEST(snapshot->timestamp_ms > time);
    parent = snapshot->snapshot_id;
    sequence = snapshot->sequence_number;
    time = snapshot->timestamp_ms;
  }
  BOOST_TEST((of.metadata()->current_snapshot_id == parent));
}

}  // namespace

BOOST_AUTO_TEST_CASE(values_show_their_changes_before_and_after_the_commit) {
  const sample_table in;
  const table empty = in.create();
  const table one = append(empty, sample_table::files(empty, "a"), with_summary({{"who", "me"}}));
  BOOST_TEST(empty.metadata()->snapshots.empty());
  BOOST_TEST(in.plan(one) == paths{"a.parquet"}, boost::test_tools::per_element());
  BOOST_TEST(one.base().version == 0);

  const table committed = in.commit(one);
  BOOST_TEST(committed.base().version == 1);  // created and appended to, in one version
  BOOST_TEST(committed.uncommitted().empty());
  BOOST_TEST(in.plan(committed) == paths{"a.parquet"}, boost::test_tools::per_element());
  BOOST_TEST(*find_value(committed.metadata()->snapshots.front()->summary, "who") == "me");
  BOOST_TEST(in.open().metadata()->current_snapshot_id.value() == *one.uncommitted().back()->snapshot_id());
}

BOOST_AUTO_TEST_CASE(three_appends_make_one_version_with_three_snapshots_and_one_log_entry) {
  const sample_table in;
  table value = in.commit(in.create());
  for (const char *name : {"a", "b", "c"}) value = append(value, sample_table::files(value, name), {});
  const table committed = in.commit(value);
  BOOST_TEST(committed.base().version == 2);
  BOOST_TEST(committed.metadata()->snapshots.size() == 3u);
  BOOST_TEST(committed.metadata()->snapshot_log.size() == 1u);
  BOOST_TEST(committed.metadata()->last_updated_ms == committed.metadata()->snapshots.back()->timestamp_ms);
  check_one_line(committed);
  scan_request second;
  second.snapshot_id = committed.metadata()->snapshots[1]->snapshot_id;
  const paths of_second{"a.parquet", "b.parquet"};
  BOOST_TEST(in.plan(committed, second) == of_second, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(values_that_share_a_change_commit_it_once_in_either_order) {
  for (const bool shorter_first : {true, false}) {
    const sample_table in;
    const table base = in.commit(in.create());
    const table first = append(base, sample_table::files(base, "a"), {});
    const table both = append(first, sample_table::files(first, "b"), {});
    in.commit(shorter_first ? first : both);
    const table last = in.commit(shorter_first ? both : first);
    BOOST_TEST(last.metadata()->snapshots.size() == 2u);
    const paths expected{"a.parquet", "b.parquet"};
    BOOST_TEST(in.plan(last) == expected, boost::test_tools::per_element());
    check_one_line(last);
  }
}

BOOST_AUTO_TEST_CASE(committing_again_changes_nothing) {
  const sample_table in;
  const table base = in.commit(in.create());
  const table value = append(base, sample_table::files(base, "a"), {});
  const table once = in.commit(value);
  const table twice = in.commit(value);
  BOOST_TEST(twice.base().version == once.base().version);
  BOOST_TEST(twice.metadata()->snapshots.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_create_over_a_table_is_refused_and_changes_nothing) {
  const sample_table in;
  const table there = in.commit(in.create());
  CHECK_FAILS(in.commit(in.create()), status::ALREADY_EXISTS, there.metadata()->table_uuid.to_text());
  BOOST_TEST(in.open().base().version == 1);
}

BOOST_AUTO_TEST_CASE(schema_changes_are_never_applied_over_one_another) {
  const sample_table in;
  const table base = in.commit(in.create());
  schema_change::add added;
  added.name = "x";
  added.type = type_kind::int32;
  const table first = evolve_schema(base, {added});
  added.name = "y";
  const table second = evolve_schema(base, {added});
  in.commit(first);
  CHECK_FAILS(in.commit(second), status::CONFLICT, "made on schema 0");
}

BOOST_AUTO_TEST_CASE(an_append_is_rebased_over_other_appends_and_property_changes) {
  const sample_table in;
  const table base = in.commit(in.create());
  const table mine = append(base, sample_table::files(base, "mine"), {});
  in.commit(append(base, sample_table::files(base, "theirs"), {}));
  in.commit(set_properties(base, {{"k", "v"}}, {}));
  const table merged = in.commit(mine);
  const paths expected{"mine.parquet", "theirs.parquet"};
  BOOST_TEST(in.plan(merged) == expected, boost::test_tools::per_element());
  BOOST_TEST(merged.metadata()->properties.at("k") == "v");
  check_one_line(merged);
}

BOOST_AUTO_TEST_CASE(an_evolution_and_an_append_commit_together) {
  const sample_table in;
  const table base = in.commit(in.create());
  schema_change::add added;
  added.name = "note";
  added.type = type_kind::string;
  const table evolved = evolve_schema(base, {added});
  const table both = in.commit(append(evolved, sample_table::files(evolved, "a"), {}));
  BOOST_TEST(both.base().version == 2);
  BOOST_TEST(both.metadata()->current_schema()->find("note")->id == 4);
  BOOST_TEST(both.metadata()->snapshots.front()->schema_id.value() == 1);
}

BOOST_AUTO_TEST_CASE(a_roll_back_moves_the_current_snapshot_and_keeps_the_others) {
  const sample_table in;
  table value = in.commit(in.create());
  value = in.commit(append(value, sample_table::files(value, "a"), {}));
  const std::int64_t first = *value.metadata()->current_snapshot_id;
  value = in.commit(append(value, sample_table::files(value, "b"), {}));
  const table back = in.commit(roll_back(value, first));
  BOOST_TEST(in.plan(back) == paths{"a.parquet"}, boost::test_tools::per_element());
  BOOST_TEST(back.metadata()->snapshots.size() == 2u);
  const table onwards = in.commit(append(back, sample_table::files(back, "c"), {}));
  const paths expected{"a.parquet", "c.parquet"};
  BOOST_TEST(in.plan(onwards) == expected, boost::test_tools::per_element());
  BOOST_TEST(onwards.metadata()->snapshots.back()->parent_snapshot_id.value() == first);
  // A roll-back that was made on another current snapshot would silently undo what came between.
  const table stale = roll_back(value, first);
  CHECK_FAILS(in.commit(stale), status::CONFLICT, "was made when branch main was at snapshot");
}

BOOST_AUTO_TEST_CASE(a_path_twice_within_one_value_is_an_error) {
  const sample_table in;
  const table base = in.create();
  const table once = append(base, sample_table::files(base, "a"), {});
  CHECK_FAILS(append(once, sample_table::files(once, "a"), {}), status::ALREADY_EXISTS, "appended twice");
}

BOOST_AUTO_TEST_CASE(a_path_that_was_faster_is_refused_where_that_was_asked_for) {
  const sample_table in;
  const table base = in.commit(in.create());
  const table mine = append(base, sample_table::files(base, "same"), checking_duplicates());
  const table unchecked = append(base, sample_table::files(base, "same"), {});
  const table theirs = in.commit(append(base, sample_table::files(base, "same"), checking_duplicates()));
  CHECK_FAILS(in.commit(mine), status::ALREADY_EXISTS, "in the table already");
  BOOST_TEST(in.open().base().version == theirs.base().version);
  BOOST_TEST(in.commit(unchecked).metadata()->snapshots.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_append_that_landed_is_no_duplicate_of_itself) {
  const sample_table in;
  const table base = in.commit(in.create());
  const table mine = append(base, sample_table::files(base, "mine"), checking_duplicates());
  in.commit(mine);
  in.commit(append(base, sample_table::files(base, "theirs"), checking_duplicates()));
  BOOST_TEST(in.commit(mine).report().already_committed);
}

BOOST_AUTO_TEST_CASE(a_path_that_is_live_no_more_is_no_duplicate) {
  const sample_table in;
  table value = in.commit(in.create());
  value = in.commit(append(value, sample_table::files(value, "a"), {}));
  const std::int64_t first = *value.metadata()->current_snapshot_id;
  value = in.commit(append(value, sample_table::files(value, "b"), {}));
  value = in.commit(roll_back(value, first));
  value = in.commit(append(value, sample_table::files(value, "b"), checking_duplicates()));
  const paths expected{"a.parquet", "b.parquet"};
  BOOST_TEST(in.plan(value) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(row_lineage_counts_on_in_version_3) {
  const sample_table in;
  table value = in.commit(in.create("t", 3));
  value = in.commit(append(value, sample_table::files(value, "a", "eu", 100), {}));
  value = in.commit(append(value, sample_table::files(value, "b", "eu", 25), {}));
  BOOST_TEST(value.metadata()->snapshots[0]->first_row_id.value() == 0);
  BOOST_TEST(value.metadata()->snapshots[0]->added_rows.value() == 100);
  BOOST_TEST(value.metadata()->snapshots[1]->first_row_id.value() == 100);
  BOOST_TEST(value.metadata()->next_row_id == 125);
}

BOOST_AUTO_TEST_CASE(one_value_from_many_threads_is_committed_once) {
  const sample_table in;
  const table base = in.commit(in.create());
  const table value = append(base, sample_table::files(base, "a"), {});
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { in.commit(value); });
  for (std::thread &thread : threads) thread.join();
  BOOST_TEST(in.open().metadata()->snapshots.size() == 1u);
}

BOOST_AUTO_TEST_CASE(thirty_two_threads_lose_and_double_nothing) {
  constexpr int writers = 32, appends = 4;
  const sample_table in;
  in.commit(in.create());
  std::vector<std::thread> threads;
  std::vector<std::set<std::int64_t>> acknowledged(writers);
  for (int writer = 0; writer < writers; ++writer) {
    threads.emplace_back([&, writer] {
      table value = in.open();
      for (int i = 0; i < appends; ++i) {
        const table appended =
            append(value, sample_table::files(value, std::to_string(writer) + "-" + std::to_string(i)), {});
        value = in.commit(appended);
        acknowledged[static_cast<std::size_t>(writer)].insert(*appended.uncommitted().back()->snapshot_id());
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  const table last = in.open();
  check_one_line(last);
  std::set<std::int64_t> all;
  for (const auto &ids : acknowledged) all.insert(ids.begin(), ids.end());
  BOOST_TEST(all.size() == static_cast<std::size_t>(writers * appends));
  BOOST_TEST((snapshot_ids(last) == all));
  BOOST_TEST(in.plan(last).size() == static_cast<std::size_t>(writers * appends));
}

struct unknown_store : sample_table {
  unknown_store() {
    store = std::make_shared<peculiar_store>(make_memory_store(environment, "unknown"));
    store->is_known = false;
    const location root = location::parse("memory://unknown");
    tables = std::make_shared<open_tables>(std::make_shared<const storage>(environment, store, root));
  }
  std::shared_ptr<peculiar_store> store;
};

BOOST_FIXTURE_TEST_CASE(a_store_that_does_not_create_exclusively_is_committed_to_by_nobody, unknown_store) {
  store->ignores_if_none_match = true;
  CHECK_FAILS(commit(create()), status::UNSAFE_STORE, "ignores If-None-Match");
  CHECK_FAILS(open(), status::NOT_FOUND, "no table here");
  store->ignores_if_none_match = false;
  store->refuses_writes = true;
  CHECK_FAILS(commit(create()), status::ACCESS_DENIED, "refuses to write");
}

BOOST_FIXTURE_TEST_CASE(a_store_that_nobody_knows_is_tried_once, unknown_store) {
  const table made = commit(create());
  const int before = store->requests;
  const table second = commit(set_properties(made, {{"a", "1"}}, {}));
  const int one_commit = store->requests - before;
  store->is_known = true;
  commit(set_properties(second, {{"a", "2"}}, {}));
  BOOST_TEST(store->requests - before == 2 * one_commit);
}

/// On threads of their own, so that they leave while others decide about them.
BOOST_AUTO_TEST_CASE(callers_that_leave_hear_what_is_so) {
  const sample_table in("memory://leaving", 4);
  const table base = in.commit(in.create());
  int landed = 0, left = 0;
  for (int round = 0; round < 60; ++round) {
    std::vector<std::shared_ptr<operation>> running;
    std::vector<std::string> names;
    const table newest = in.open();
    for (int i = 0; i < 8; ++i) {
      names.push_back(fmt::format("{}-{}", round, i));
      const table value = append(newest, in.files(newest, names.back()), {});
      const auto key = i % 2 == 0 ? std::optional<idempotency_key>(idempotency_key(names.back(), 1)) : std::nullopt;
      running.push_back(operation::start(in.environment, [value, key]() -> task<std::shared_ptr<void>> {
        table same = value;
        std::optional<idempotency_key> own = key;
        table committed = co_await evodb::commit(std::move(same), std::move(own));
        co_return std::make_shared<table>(std::move(committed));
      }));
    }
    for (int i = 0; i < 8; ++i)
      if ((round + i) % 3 != 0) running[static_cast<std::size_t>(i)]->cancel();
    for (const auto &one : running) one->wait(-1);
    const paths there = in.plan(in.open());
    for (std::size_t i = 0; i < running.size(); ++i) {
      const bool is_there = std::find(there.begin(), there.end(), names[i] + ".parquet") != there.end();
      const status heard = running[i]->failure() ? error_of(running[i]->failure()).code() : status::ok;
      const bool is_true = heard == status::COMMIT_STATE_UNKNOWN || is_there == (heard == status::ok);
      BOOST_TEST(is_true, names[i] << " heard " << name_of(heard) << " and is " << (is_there ? "there" : "absent"));
      ++(is_there ? landed : left);
    }
  }
  BOOST_TEST(landed > 100);
  BOOST_TEST(left > 20);
}

BOOST_AUTO_TEST_SUITE_END()
