// A commit whose outcome was unknown is resolved from its token, by a process that has nothing else.

#include "table/commit/resolve.h"

#include "failure.h"
#include "table/faulty_table.h"

using namespace evodb;
using table_tests::fault;
using table_tests::faulty_table;
using table_tests::paths;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(resolve_test)

namespace {

constexpr std::int64_t hour_ms = 3600 * 1000;

/// Commits while the store does not answer, and gives the token.
std::string commit_in_the_dark(const faulty_table &in, const table &value, fault played) {
  in.store->play({played});
  in.store->reads_fail = true;
  std::string token;
  try {
    in.commit(value);
  } catch (const error &unknown) {
    BOOST_TEST((unknown.code() == status::COMMIT_STATE_UNKNOWN));
    token = unknown.commit_token;
  }
  in.store->reads_fail = false;
  return token;
}

resolution resolve_elsewhere(const faulty_table &in, const std::string &token) {
  const auto context = in.others->find("t");
  return run_to_end(in.environment, [=]() -> task<resolution> {
    commit_token parsed = commit_token::parse(token);
    co_return co_await resolve(context, std::move(parsed));
  });
}

void remove(const faulty_table &in, const std::string &key) {
  const auto where = in.others->storage();
  run_to_end(in.environment, [=]() -> task<int> {
    std::vector<std::string> keys{key};
    co_await where->store().remove(std::move(keys));
    co_return 0;
  });
}

struct sent {
  faulty_table in;
  table value = in.commit(in.create());
  std::string token;

  explicit sent(fault played) {
    value = append(value, sample_table::files(value, "a"), {});
    token = commit_in_the_dark(in, value, played);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(what_landed_is_found) {
  const sent one(fault::lost_after);
  const resolution found = resolve_elsewhere(one.in, one.token);
  BOOST_TEST((found.what == resolution::kind::committed));
  BOOST_TEST(*found.version == 2);
  BOOST_TEST(*found.snapshot_id == one.in.open().metadata()->snapshots[0]->snapshot_id);
}

BOOST_AUTO_TEST_CASE(what_did_not_land_can_no_longer_land) {
  const sent one(fault::lost_before);
  BOOST_TEST((resolve_elsewhere(one.in, one.token).what == resolution::kind::lost));
  BOOST_TEST(one.in.open().base().version == 2);  // the slot is taken by a version that changes nothing
  BOOST_TEST(one.in.open().metadata()->snapshots.empty());
  // Where the value still is it can be committed, once, and then it is there.
  one.in.commit(one.value);
  one.in.commit(one.value);
  BOOST_TEST(one.in.plan(one.in.open()) == paths{"a.parquet"}, boost::test_tools::per_element());
  const resolution found = resolve_elsewhere(one.in, one.token);
  BOOST_TEST((found.what == resolution::kind::committed));
  BOOST_TEST(!found.version.has_value());  // it is there as another version than the token's
}

BOOST_AUTO_TEST_CASE(a_version_that_was_cleaned_away_is_known_by_its_snapshot_or_not_at_all) {
  for (const bool has_expired : {false, true}) {
    const sent one(fault::lost_after);
    if (has_expired) {
      one.in.impatient->later_ms = 2 * hour_ms;
      const table other = one.in.open();
      one.in.commit(append(set_properties(other, {{"evodb.commit.max-snapshots", "1"}}, {}),
                           sample_table::files(other, "b"), {}));
      BOOST_TEST(one.in.open().metadata()->snapshots.size() == 1u);
    } else {
      one.in.commit(set_properties(one.in.open(), {{"k", "v"}}, {}));
    }
    remove(one.in, "t/metadata/v1.metadata.json");
    remove(one.in, "t/metadata/v2.metadata.json");
    const resolution found = resolve_elsewhere(one.in, one.token);
    BOOST_TEST((found.what == (has_expired ? resolution::kind::unknown : resolution::kind::committed)));
    // The value's own process finds the same, and applies nothing a second time.
    if (has_expired) {
      CHECK_FAILS(one.in.commit(one.value), status::COMMIT_STATE_UNKNOWN, "cleaned away");
    } else {
      BOOST_TEST(one.in.commit(one.value).report().already_committed);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_dead_signature_is_renewed_only_over_the_same_base) {
  for (const bool is_overtaken : {false, true}) {
    const sent one(fault::lost_before);
    one.in.impatient->later_ms = hour_ms / 2;
    if (is_overtaken) {
      const auto append = [&]() -> task<int> {
        co_await one.in.append_elsewhere("b");
        co_return 0;
      };
      run_to_end(one.in.environment, append);
    }
    const table committed = one.in.commit(one.value);
    BOOST_TEST(committed.base().version == (is_overtaken ? 3 : 2));
    const paths expected = is_overtaken ? paths{"a.parquet", "b.parquet"} : paths{"a.parquet"};
    BOOST_TEST(one.in.plan(one.in.open()) == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(another_table_in_the_same_place_is_a_conflict) {
  const sent one(fault::lost_before);
  const faulty_table other;
  other.commit(other.create());
  CHECK_FAILS(resolve_elsewhere(other, one.token), status::CONFLICT, "another table");
}

BOOST_AUTO_TEST_CASE(tokens_are_text_and_everything_else_is_refused) {
  const sent one(fault::lost_before);
  BOOST_TEST(one.token.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string::npos);
  commit_token token = commit_token::parse(one.token);
  BOOST_TEST(token.to_text() == one.token);
  token.key.emplace("a:b é.", 12);
  token.snapshot_ids = {1, 2, 3};
  const commit_token same = commit_token::parse(token.to_text());
  BOOST_TEST((same.key == token.key && same.snapshot_ids == token.snapshot_ids));
  token.shown_by = commit_token::proof::none;
  token.snapshot_ids.assign(1000, (std::int64_t{1} << 53) - 1);
  const commit_token long_one = commit_token::parse(token.to_text());
  BOOST_TEST((long_one.shown_by == token.shown_by && long_one.snapshot_ids == token.snapshot_ids));
  for (std::size_t length = 0; length < one.token.size(); ++length) {
    CHECK_FAILS(commit_token::parse(one.token.substr(0, length)), status::INVALID_ARGUMENT, "not a commit token");
  }
  for (const char *bad : {"", ".", "evodb1", "evodb1......", "evodb1.......", "evodb2.x.1.x.1.1"})
    CHECK_FAILS(commit_token::parse(bad), status::INVALID_ARGUMENT, "not a commit token");
}

BOOST_AUTO_TEST_SUITE_END()
