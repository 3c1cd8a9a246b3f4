// A conflict says in one sentence what was wanted and what stands against it.

#include <fmt/format.h>

#include "failure.h"
#include "table/queue_of_commits.h"

using namespace evodb;
using table_tests::fault;
using table_tests::faulty_table;
using table_tests::queue_of_commits;
using table_tests::result_of;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(conflict_test)

namespace {

schema_change::add column(const std::string &name) {
  schema_change::add added;
  added.name = name;
  added.type = type_kind::int32;
  return added;
}

/// Another process drops the table.
void drop(const faulty_table &in) {
  const auto elsewhere = in.others;
  run_to_end(in.environment, [elsewhere]() -> task<> {
    object_store &store = elsewhere->storage()->store();
    list_options everything;
    everything.prefix = "t/";
    const listing found = co_await store.list(std::move(everything));
    std::vector<std::string> keys;
    for (const object_meta &meta : found.objects) keys.push_back(meta.key);
    co_await store.remove(std::move(keys));
  });
}

/// … and makes another one in its place.
table replace(const faulty_table &in, const table &was) {
  drop(in);
  const auto elsewhere = in.others;
  return run_to_end(in.environment, [elsewhere, was]() -> task<table> {
    table another = create_table(elsewhere->find("t"), *was.metadata()->current_schema(), partition_spec(), 2, {});
    co_return co_await evodb::commit(std::move(another));
  });
}

/// A table, and a value of it with an append to commit, of which a body may have been sent that never arrived.
struct live_value : faulty_table {
  explicit live_value(bool was_sent_before)
      : was(commit(create())), mine(append(was, sample_table::files(was, "mine"), {})) {
    if (!was_sent_before) return;
    store->play(std::deque<fault>(20, fault::lost_before));
    CHECK_FAILS(commit(mine), status::COMMIT_STATE_UNKNOWN);
    store->play({});
  }

  const table was, mine;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_schema_change_against_a_schema_change) {
  const sample_table in;
  const table base = in.commit(in.create());
  const table mine = evolve_schema(base, {column("mine"), schema_change::rename{"amount", "price"}});
  in.commit(set_properties(evolve_schema(base, {column("theirs"), schema_change::drop{"id"}}), {{"k", "v"}}, {}));
  CHECK_FAILS(in.commit(mine), status::CONFLICT,
              "the schema change (renamed price, added mine) was made on schema 0 with column ids up to 3, and another "
              "one (added theirs, dropped id) has led to schema 1 with column ids up to 4 since");
  BOOST_TEST(in.open().base().version == 2);
}

BOOST_AUTO_TEST_CASE(an_append_whose_column_has_left) {
  const sample_table in;
  const table base = in.commit(in.create());
  described_files described(base, false);
  data_file one;
  one.file_path = "data/a.parquet";
  one.record_count = 1;
  one.file_size = 100;
  column_metrics amount;
  amount.field_id = 3;
  amount.value_count = 1;
  one.metrics.push_back(amount);
  described.add(std::move(one), "{\"region\":\"eu\"}");
  const table mine = append(base, described.finish(), {});
  in.commit(evolve_schema(base, {schema_change::drop{"amount"}}));
  CHECK_FAILS(in.commit(mine), status::CONFLICT,
              "the files hold the column amount, which schema 1 of the table no longer has");
}

BOOST_AUTO_TEST_CASE(a_table_replaced_by_another_of_the_same_name) {
  for (const bool was_sent_before : {false, true}) {
    const live_value in(was_sent_before);
    const table is = replace(in, in.was);
    const std::string sentence =
        fmt::format("another table has taken the place: expected uuid {}, found {}",
                    in.was.metadata()->table_uuid.to_text(), is.metadata()->table_uuid.to_text());
    CHECK_FAILS(in.commit(in.mine), status::CONFLICT, sentence);
    BOOST_TEST(in.open().base().version == 1);
    BOOST_TEST((in.open().metadata()->table_uuid == is.metadata()->table_uuid));
  }
}

BOOST_AUTO_TEST_CASE(a_table_that_has_left) {
  for (const bool was_sent_before : {false, true}) {
    const live_value in(was_sent_before);
    drop(in);
    CHECK_FAILS(in.commit(in.mine), was_sent_before ? status::COMMIT_STATE_UNKNOWN : status::NOT_FOUND,
                "no longer here");
    CHECK_FAILS(in.open(), status::NOT_FOUND);
  }
}

BOOST_AUTO_TEST_CASE(an_old_tables_value_in_line_with_the_new_ones) {
  const faulty_table in;
  const table was = in.commit(in.create());
  const table is = replace(in, was);
  queue_of_commits queue(in);
  const auto newer = queue.add(set_properties(in.open(), {{"k", "v"}}, {}));
  const auto older = queue.add(append(was, sample_table::files(was, "old"), {}));
  queue.run();
  result_of(newer);
  CHECK_FAILS(result_of(older), status::CONFLICT, "another table has taken the place");
  BOOST_TEST((in.open().metadata()->table_uuid == is.metadata()->table_uuid));
  BOOST_TEST(in.plan(in.open()).empty());
}

BOOST_AUTO_TEST_CASE(a_key_out_of_order) {
  const sample_table in;
  const table base = in.commit(in.create());
  in.commit(append(base, sample_table::files(base, "a"), {}), idempotency_key("job", 5));
  CHECK_FAILS(in.commit(append(base, sample_table::files(base, "b"), {}), idempotency_key("job", 4)),
              status::IDEMPOTENCY_KEY_OUT_OF_ORDER, "application job commits sequence 4 after 5 was committed");
}

BOOST_AUTO_TEST_CASE(a_roll_back_against_an_append) {
  const sample_table in;
  const table base = in.commit(in.create());
  const table first = in.commit(append(base, sample_table::files(base, "a"), {}));
  const std::int64_t id = *first.metadata()->current_snapshot_id;
  const table second = in.commit(append(first, sample_table::files(first, "b"), {}));
  const table back = roll_back(second, id);
  const table third = in.commit(append(second, sample_table::files(second, "c"), {}));
  CHECK_FAILS(in.commit(back), status::CONFLICT,
              fmt::format("the roll-back to snapshot {} was made when branch main was at snapshot {}, and now it is at "
                          "snapshot {}",
                          id, *second.metadata()->current_snapshot_id, *third.metadata()->current_snapshot_id));
}

BOOST_AUTO_TEST_SUITE_END()
