#include "table/operations/remove_ref.h"

#include "failure.h"
#include "table/operations/refs_on_a_line.h"

using namespace evodb;
using namespace table_tests;

BOOST_AUTO_TEST_SUITE(remove_ref_test)

BOOST_AUTO_TEST_CASE(the_name_goes_and_its_snapshots_stay) {
  const three_appends in;
  const table base = in.commit(set_tag(set_branch(in.value, "b", in.ids[0]), "t", in.ids[1]));
  const table without = in.commit(remove_ref(remove_ref(base, "b"), "t"));
  BOOST_TEST(without.metadata()->refs.size() == 1u);
  BOOST_TEST(at(without, "main").value() == in.ids[2]);
  BOOST_TEST(without.metadata()->snapshots.size() == 3u);
}

BOOST_AUTO_TEST_CASE(main_and_what_is_not_there) {
  const three_appends in;
  CHECK_FAILS(remove_ref(in.value, "main"), status::INVALID_ARGUMENT, "the main branch cannot be removed");
  CHECK_FAILS(remove_ref(in.value, "b"), status::NOT_FOUND, "no branch or tag 'b'");
  CHECK_FAILS(remove_ref(in.value, ""), status::NOT_FOUND, "no branch or tag ''");
}

BOOST_AUTO_TEST_CASE(a_branch_that_has_moved_since_is_a_conflict) {
  const three_appends in;
  const table base = in.commit(set_branch(in.value, "b", in.ids[0]));
  const table mine = remove_ref(base, "b");
  const table moved = in.commit(append(base, sample_table::files(base, "d"), on_branch("b")));
  CHECK_FAILS(in.commit(mine), status::CONFLICT, "the removal of b was made when branch b was at snapshot");
  const table again = remove_ref(moved, "b");
  in.commit(remove_ref(moved, "b"));
  CHECK_FAILS(in.commit(again), status::CONFLICT, "and now there is none");
}

BOOST_AUTO_TEST_CASE(made_removed_and_made_again_within_one_version) {
  const three_appends in;
  const table gone = in.commit(remove_ref(set_tag(in.value, "t", in.ids[0]), "t"));
  BOOST_TEST(!at(gone, "t").has_value());
  const table base = in.commit(set_tag(gone, "t", in.ids[0]));
  const table again = in.commit(set_branch(remove_ref(base, "t"), "t", in.ids[1]));
  BOOST_TEST(at(again, "t").value() == in.ids[1]);
  BOOST_TEST(in.open().metadata()->refs.at("t").is_branch);
  BOOST_TEST(!at(in.commit(remove_ref(set_branch(again, "t", in.ids[2], replacing()), "t")), "t").has_value());
  BOOST_TEST(!at(in.open(), "t").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
