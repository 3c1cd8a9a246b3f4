#include "table/operations/roll_back.h"

#include "failure.h"
#include "table/operations/refs_on_a_line.h"

using namespace evodb;
using namespace table_tests;

BOOST_AUTO_TEST_SUITE(roll_back_test)

namespace {

std::int64_t time_of(const table &of, std::int64_t id) {
  return of.metadata()->find_snapshot(id)->timestamp_ms;
}

}  // namespace

BOOST_AUTO_TEST_CASE(to_any_snapshot_of_the_table) {
  const three_appends in;
  const table back = in.commit(roll_back(in.value, in.ids[0]));
  BOOST_TEST(in.plan(back) == paths{"a.parquet"}, boost::test_tools::per_element());
  const table forth = in.commit(roll_back(back, in.ids[2]));  // which is no ancestor of it
  BOOST_TEST(in.plan(forth).size() == 3u);
  CHECK_FAILS(roll_back(in.value, 5), status::NOT_FOUND, "no snapshot 5");
}

BOOST_AUTO_TEST_CASE(to_the_newest_of_the_line_that_was_made_by_then) {
  const three_appends in;
  const std::int64_t second_ms = time_of(in.value, in.ids[1]);
  const auto main_at = [&](std::int64_t time_ms) {
    return at(roll_back_to_time(in.value, "main", time_ms), "main").value();
  };
  BOOST_TEST(main_at(second_ms) == in.ids[1]);
  BOOST_TEST(main_at(second_ms - 1) == in.ids[0]);
  BOOST_TEST(main_at(time_of(in.value, in.ids[2])) == in.ids[2]);
  BOOST_TEST(main_at(INT64_MAX) == in.ids[2]);
  const table back = in.commit(roll_back_to_time(in.value, "main", second_ms));
  BOOST_TEST(in.plan(back) == (paths{"a.parquet", "b.parquet"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_was_current_then_and_rolled_back_since_is_left_out) {
  const three_appends in;
  table value = in.commit(roll_back(in.value, in.ids[0]));
  value = in.commit(append(value, sample_table::files(value, "d")));
  const std::int64_t when = time_of(value, in.ids[2]);
  BOOST_TEST(value.metadata()->snapshot_as_of(when)->snapshot_id == in.ids[2]);
  BOOST_TEST(at(roll_back_to_time(value, "main", when), "main").value() == in.ids[0]);
}

BOOST_AUTO_TEST_CASE(of_another_branch) {
  const three_appends in;
  const table base = in.commit(append(in.value, sample_table::files(in.value, "d"), on_branch("audit")));
  const table back = in.commit(roll_back_to_time(base, "audit", time_of(base, in.ids[1])));
  BOOST_TEST(at(back, "audit").value() == in.ids[1]);
  BOOST_TEST(at(back, "main").value() == in.ids[2]);
}

BOOST_AUTO_TEST_CASE(a_time_before_all_and_branches_that_are_none) {
  const three_appends in;
  const std::int64_t first_ms = time_of(in.value, in.ids[0]);
  CHECK_FAILS(roll_back_to_time(in.value, "main", first_ms - 1), status::NOT_FOUND,
              "branch main has no snapshot at or before");
  CHECK_FAILS(roll_back_to_time(in.value, "main", INT64_MIN), status::NOT_FOUND, ": its first is of 20");
  CHECK_FAILS(roll_back_to_time(in.value, "b", first_ms), status::NOT_FOUND, "it has none");
  CHECK_FAILS(roll_back_to_time(in.create("empty"), "main", first_ms), status::NOT_FOUND, "it has none");
  CHECK_FAILS(roll_back_to_time(in.value, "", first_ms), status::INVALID_ARGUMENT, "empty");
  const table tagged = set_tag(in.value, "t", in.ids[0]);
  CHECK_FAILS(roll_back_to_time(tagged, "t", first_ms), status::INVALID_ARGUMENT, "'t' is a tag");
}

BOOST_AUTO_TEST_CASE(a_branch_that_has_moved_since_is_a_conflict) {
  const three_appends in;
  const table mine = roll_back_to_time(in.value, "main", time_of(in.value, in.ids[0]));
  in.commit(append(in.value, sample_table::files(in.value, "d")));
  CHECK_FAILS(in.commit(mine), status::CONFLICT, "was made when branch main was at snapshot");
}

BOOST_AUTO_TEST_SUITE_END()
