#include "table/operations/fast_forward.h"

#include <fmt/format.h>

#include "failure.h"
#include "table/operations/refs_on_a_line.h"

using namespace evodb;
using namespace table_tests;

BOOST_AUTO_TEST_SUITE(fast_forward_test)

BOOST_AUTO_TEST_CASE(main_gets_what_was_audited) {
  const three_appends in;
  table audited = append(in.value, sample_table::files(in.value, "d"), on_branch("audit"));
  audited = in.commit(append(audited, sample_table::files(audited, "e"), on_branch("audit")));
  BOOST_TEST(in.plan(audited).size() == 3u);
  const table published = in.commit(fast_forward(audited, "main", "audit"));
  BOOST_TEST(in.plan(published).size() == 5u);
  BOOST_TEST(published.metadata()->current_snapshot_id.value() == at(published, "audit").value());
  BOOST_TEST(published.metadata()->snapshots.size() == 5u);  // none was made for it
}

BOOST_AUTO_TEST_CASE(a_branch_that_is_not_there_is_made_also_at_a_tag) {
  const three_appends in;
  const table base = in.commit(set_tag(in.value, "t", in.ids[1]));
  BOOST_TEST(at(in.commit(fast_forward(base, "new", "t")), "new").value() == in.ids[1]);
  BOOST_TEST(in.open().metadata()->refs.at("new").is_branch);
}

BOOST_AUTO_TEST_CASE(only_along_its_own_line) {
  const three_appends in;
  const table base =
      in.commit(append(set_branch(in.value, "b", in.ids[0]), sample_table::files(in.value, "d"), on_branch("b")));
  CHECK_FAILS(fast_forward(base, "main", "b"), status::CONFLICT,
              fmt::format("branch main cannot be fast-forwarded to b: its snapshot {} is no ancestor of {}", in.ids[2],
                          at(base, "b").value()));
  const table behind = in.commit(set_branch(base, "old", in.ids[0]));
  CHECK_FAILS(fast_forward(behind, "main", "old"), status::CONFLICT, "no ancestor");  // that would be a step back
  BOOST_TEST(at(in.commit(fast_forward(behind, "old", "main")), "old").value() == in.ids[2]);
}

BOOST_AUTO_TEST_CASE(names_that_do_not_fit) {
  const three_appends in;
  const table base = in.commit(set_tag(in.value, "t", in.ids[1]));
  CHECK_FAILS(fast_forward(base, "t", "main"), status::INVALID_ARGUMENT, "'t' is a tag");
  CHECK_FAILS(fast_forward(base, "", "main"), status::INVALID_ARGUMENT, "empty");
  CHECK_FAILS(fast_forward(base, "main", "nothing"), status::NOT_FOUND, "no branch or tag 'nothing'");
  CHECK_FAILS(fast_forward(base, "main", ""), status::NOT_FOUND, "no branch or tag ''");
}

BOOST_AUTO_TEST_CASE(a_branch_that_has_moved_since_is_a_conflict_and_its_goal_may_move) {
  const three_appends in;
  const table base = in.commit(append(in.value, sample_table::files(in.value, "d"), on_branch("audit")));
  const std::int64_t goal = at(base, "audit").value();
  const table mine = fast_forward(base, "main", "audit");
  in.commit(append(base, sample_table::files(base, "e"), on_branch("audit")));
  const table forward = in.commit(mine);
  BOOST_TEST(at(forward, "main").value() == goal);
  const table late = fast_forward(forward, "main", "audit");
  in.commit(append(forward, sample_table::files(forward, "f")));
  CHECK_FAILS(in.commit(late), status::CONFLICT, "of audit was made when branch main was at snapshot");
}

BOOST_AUTO_TEST_SUITE_END()
