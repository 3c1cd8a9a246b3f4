// Values that share changes, with keys and without, in one line or one after another: what is acknowledged is there once,
// a key is recorded with all that it stands for or not at all, and no failure hides what has landed.

#include "failure.h"
#include "table/commit/resolve.h"
#include "table/faulty_table.h"
#include "table/queue_of_commits.h"

using namespace evodb;
using namespace evodb::table_tests;

BOOST_AUTO_TEST_SUITE(shared_changes_test)

namespace {

table append(const table &to, const std::string &name) {
  return append(to, sample_table::files(to, name), {});
}

idempotency_key job(std::int64_t sequence) {
  return {"job", sequence};
}

/// A table, and two values of which the second has a change more.
struct shared : faulty_table {
  shared() : base(commit(create())), shorter(append(base, "a")), longer(append(shorter, "b")) {}

  /// The token of a commit of which nothing was heard.
  std::string commit_in_the_dark(const table &value, fault played, const std::optional<idempotency_key> &key = {}) {
    store->play({played});
    store->reads_fail = true;
    std::string token;
    try {
      commit(value, key);
    } catch (const error &unknown) {
      BOOST_TEST((unknown.code() == status::COMMIT_STATE_UNKNOWN));
      token = unknown.commit_token;
    }
    store->reads_fail = false;
    store->play({});
    return token;
  }
  void let_another_one_in(std::string name) const {
    run_to_end(environment, [&]() -> task<> { co_await append_elsewhere(name); });
  }
  resolution resolve_elsewhere(const std::string &token) const {
    const auto context = others->find("t");
    return run_to_end(environment, [context, token]() -> task<resolution> {
      commit_token parsed = commit_token::parse(token);
      co_return co_await resolve(context, std::move(parsed));
    });
  }
  void restart_and_commit(const std::string &name, const idempotency_key &key) const {
    commit(append(open(), name), key);
  }
  void remove(const std::string &key) const {
    const auto where = others->storage();
    run_to_end(environment, [where, key]() -> task<> {
      std::vector<std::string> keys{key};
      co_await where->store().remove(std::move(keys));
    });
  }
  void check_files(const paths &expected) const {
    BOOST_TEST(plan(open()) == expected, boost::test_tools::per_element());
  }

  table base, shorter, longer;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_key_in_a_group_stands_for_all_of_its_value) {
  for (const bool longer_leads : {false, true}) {
    const shared in;
    queue_of_commits queue(in);
    if (!longer_leads) queue.add(in.shorter);
    const auto keyed = queue.add(in.longer, job(1));
    if (longer_leads) queue.add(in.shorter);
    queue.run();
    BOOST_TEST(!result_of(keyed).report().already_committed);
    in.check_files({"a.parquet", "b.parquet"});
    in.restart_and_commit("again", job(1));
    in.check_files({"a.parquet", "b.parquet"});
  }
}

BOOST_AUTO_TEST_CASE(keys_of_two_applications_on_one_change_are_both_recorded) {
  const shared in;
  queue_of_commits queue(in);
  const auto longer = queue.add(in.longer, idempotency_key("y", 1));
  const auto shorter = queue.add(in.shorter, idempotency_key("x", 1));
  queue.run();
  result_of(longer);
  result_of(shorter);
  in.restart_and_commit("again", idempotency_key("x", 1));
  in.restart_and_commit("again", idempotency_key("y", 1));
  in.check_files({"a.parquet", "b.parquet"});
}

BOOST_AUTO_TEST_CASE(a_key_that_failed_leaves_nothing_behind) {
  shared in;
  in.store->play({fault::refused});
  CHECK_FAILS(in.commit(in.longer, job(1)), status::ACCESS_DENIED);
  in.commit(in.shorter);
  BOOST_TEST(!in.commit(in.longer, job(1)).report().already_committed);
  in.check_files({"a.parquet", "b.parquet"});
}

BOOST_AUTO_TEST_CASE(a_key_whose_body_was_lost_leaves_nothing_behind) {
  for (const auto &key : {std::optional<idempotency_key>(), std::optional<idempotency_key>(job(1))}) {
    shared in;
    in.commit_in_the_dark(in.longer, fault::lost_before, job(2));
    in.let_another_one_in("x");
    in.commit(in.shorter, key);
    BOOST_TEST(!in.commit(in.longer, job(2)).report().already_committed);
    in.check_files({"a.parquet", "b.parquet", "x.parquet"});
    in.restart_and_commit("again", job(2));
    in.check_files({"a.parquet", "b.parquet", "x.parquet"});
  }
}

BOOST_AUTO_TEST_CASE(another_key_may_be_given_after_a_failure) {
  shared in;
  in.commit(append(in.base, "x"), job(7));
  CHECK_FAILS(in.commit(in.shorter, job(5)), status::IDEMPOTENCY_KEY_OUT_OF_ORDER);
  in.commit(in.shorter, job(8));
  BOOST_TEST(*in.open().metadata()->property("evodb.app.job") == "8");
  in.store->play({fault::refused});
  CHECK_FAILS(in.commit(in.longer, job(9)), status::ACCESS_DENIED);
  in.commit(in.longer, job(10));
  BOOST_TEST(*in.open().metadata()->property("evodb.app.job") == "10");
  in.restart_and_commit("again", job(10));
  in.check_files({"a.parquet", "b.parquet", "x.parquet"});
}

BOOST_AUTO_TEST_CASE(a_key_for_what_is_there_already_is_recorded) {
  shared in;
  in.commit(in.shorter);
  in.commit(in.shorter, job(6));
  BOOST_TEST(in.commit(in.shorter, job(6)).report().already_committed);
  in.restart_and_commit("again", job(6));
  in.check_files({"a.parquet"});
  // Nor does what becomes of that commit get lost.
  in.commit_in_the_dark(in.shorter, fault::lost_before, job(7));
  in.commit(in.shorter, job(7));
  in.restart_and_commit("again", job(7));
  in.check_files({"a.parquet"});
}

BOOST_AUTO_TEST_CASE(a_token_is_of_its_body_alone) {
  {
    shared in;
    in.commit(in.shorter);
    const std::string token = in.commit_in_the_dark(in.longer, fault::lost_before);
    BOOST_TEST((in.resolve_elsewhere(token).what == resolution::kind::lost));
  }
  shared in;
  const std::string token = in.commit_in_the_dark(in.longer, fault::lost_before);
  in.let_another_one_in("x");
  in.commit(in.shorter);
  BOOST_TEST((in.resolve_elsewhere(token).what == resolution::kind::lost));
  in.commit(in.longer);
  in.check_files({"a.parquet", "b.parquet", "x.parquet"});
}

/// The shorter value has landed unheard, and the call that finds it out for the longer one loses what was left.
BOOST_AUTO_TEST_CASE(a_token_of_what_was_left_does_not_say_that_nothing_is_there) {
  using kind = resolution::kind;
  for (const bool is_reported_before : {false, true}) {
    shared in;
    in.commit_in_the_dark(in.shorter, fault::lost_after);
    if (is_reported_before) in.commit(in.shorter);
    const std::string token = in.commit_in_the_dark(in.longer, fault::lost_before);
    BOOST_TEST((in.resolve_elsewhere(token).what == (is_reported_before ? kind::lost : kind::unknown)));
    in.check_files({"a.parquet"});
    in.commit(in.longer);
    in.check_files({"a.parquet", "b.parquet"});
  }
  shared in;
  in.commit_in_the_dark(in.shorter, fault::lost_after);
  const std::string token = in.commit_in_the_dark(in.longer, fault::lost_after);
  BOOST_TEST((in.resolve_elsewhere(token).what == kind::committed));
}

BOOST_AUTO_TEST_CASE(a_token_is_resolved_by_its_key) {
  shared in;
  const table noted = set_properties(in.base, {{"note", "1"}}, {});
  const std::string token = in.commit_in_the_dark(noted, fault::lost_before, job(3));
  in.commit(set_properties(in.base, {{"note", "2"}}, {}), job(3));  // another process's
  BOOST_TEST((in.resolve_elsewhere(token).what == resolution::kind::committed));
  // A higher key tells nothing of a lower one.
  const std::string lower = in.commit_in_the_dark(in.shorter, fault::lost_before, job(4));
  in.restart_and_commit("x", job(5));
  BOOST_TEST((in.resolve_elsewhere(lower).what == resolution::kind::lost));
}

BOOST_AUTO_TEST_CASE(what_has_landed_is_not_told_to_have_failed) {
  {  // cancelled before its turn
    shared in;
    in.commit_in_the_dark(in.shorter, fault::lost_after);
    queue_of_commits queue(in);
    const auto again = queue.add(in.shorter);
    again->cancel();
    queue.run();
    CHECK_FAILS(result_of(again), status::COMMIT_STATE_UNKNOWN);
    BOOST_TEST(in.commit(in.shorter).report().already_committed);
  }
  {  // the rest of a longer value fails
    shared in;
    in.commit_in_the_dark(in.shorter, fault::lost_after);
    schema_change::add column;
    column.type = type_kind::int32;
    column.name = "theirs";
    in.commit(evolve_schema(in.base, {column}));
    column.name = "mine";
    CHECK_FAILS(in.commit(evolve_schema(in.shorter, {column})), status::CONFLICT,
                "(1 of the value's 2 changes had been committed before)");
  }
  {  // nothing can be read any more once it is found
    shared in;
    in.commit_in_the_dark(in.shorter, fault::lost_after);
    in.store->heads_fail = true;
    BOOST_TEST(in.commit(in.shorter).report().already_committed);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_durable_is_not_told_to_be_committed) {
  shared in;
  const std::string token = in.commit_in_the_dark(in.shorter, fault::lost_after, job(1));
  in.store->syncs_fail = true;
  CHECK_FAILS(in.commit(append(in.open(), "again"), job(1)), status::STORAGE_UNAVAILABLE);
  CHECK_FAILS(in.commit(in.shorter, job(1)), status::COMMIT_STATE_UNKNOWN);
  const auto context = in.tables->find("t");
  CHECK_FAILS(run_to_end(in.environment,
                         [context, token]() -> task<resolution> {
                           commit_token parsed = commit_token::parse(token);
                           co_return co_await resolve(context, std::move(parsed));
                         }),
              status::STORAGE_UNAVAILABLE);
  in.store->syncs_fail = false;
  BOOST_TEST(in.commit(in.shorter, job(1)).report().already_committed);
  in.check_files({"a.parquet"});
}

BOOST_AUTO_TEST_CASE(a_roll_back_between_two_appends_takes_the_first_ones_files_away) {
  const shared in;
  const table there = in.commit(in.shorter);
  const std::int64_t kept = *there.metadata()->current_snapshot_id;
  in.commit(append(roll_back(append(there, "rolled-back"), kept), "c"));
  in.check_files({"a.parquet", "c.parquet"});
}

BOOST_AUTO_TEST_CASE(a_create_looks_for_a_table_whose_first_versions_were_cleaned_away) {
  const shared in;
  table value = in.base;
  for (const char *name : {"a", "b", "c"}) value = in.commit(append(value, name));
  in.remove("t/metadata/v1.metadata.json");
  in.remove("t/metadata/v2.metadata.json");
  CHECK_FAILS(in.commit(in.create()), status::ALREADY_EXISTS, in.base.metadata()->table_uuid.to_text());
  in.check_files({"a.parquet", "b.parquet", "c.parquet"});
}

BOOST_AUTO_TEST_SUITE_END()
