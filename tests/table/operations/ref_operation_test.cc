// What moves a ref alone leaves no snapshot by which it is known: its body tells.

#include "table/operations/ref_operation.h"

#include "failure.h"
#include "table/faulty_table.h"
#include "table/operations/refs_on_a_line.h"

using namespace evodb;
using namespace table_tests;

BOOST_AUTO_TEST_SUITE(ref_operation_test)

namespace {

/// A table of one append, whose next version's answer is lost as the faults say.
struct lost_answers : faulty_table {
  lost_answers() : base(commit(create())) { base = commit(append(base, files(base, "a"))); }

  std::int64_t head() const { return *base.metadata()->current_snapshot_id; }

  table base;
};

}  // namespace

BOOST_AUTO_TEST_CASE(whatever_the_answer_a_ref_is_set_once) {
  const std::deque<fault> stories[] = {{fault::lost_before},
                                       {fault::lost_after},
                                       {fault::thrown_after},
                                       {fault::hidden_copy},
                                       {fault::lost_before, fault::lost_before, fault::lost_after}};
  for (const std::deque<fault> &story : stories) {
    const lost_answers in;
    in.store->play(story);
    const table tagged = in.commit(set_tag(in.base, "t", in.head()));
    BOOST_TEST(tagged.base().version == 3);
    BOOST_TEST(at(in.open(), "t").value() == in.head());
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_outcome_is_settled_by_committing_again) {
  for (const bool has_landed : {true, false}) {
    const lost_answers in;
    const table mine = set_tag(in.base, "t", in.head());
    in.store->play({has_landed ? fault::lost_after : fault::lost_before});
    in.store->reads_fail = true;
    CHECK_FAILS(in.commit(mine), status::COMMIT_STATE_UNKNOWN);
    in.store->reads_fail = false;
    // Another writer removes it, where it is there: that does not look as if it had never been committed.
    if (has_landed) in.commit(remove_ref(in.open(), "t"));
    in.commit(mine);
    BOOST_TEST(at(in.open(), "t").has_value() == !has_landed);
  }
}

BOOST_AUTO_TEST_CASE(overtaken_it_is_applied_again_or_contradicted) {
  lost_answers in;
  in.store->overtake = [&in]() -> task<> { co_await in.append_elsewhere("theirs"); };
  in.store->play({fault::overtaken});
  const table tagged = in.commit(set_tag(in.base, "t", in.head()));
  BOOST_TEST(tagged.base().version == 4);
  BOOST_TEST(at(tagged, "t").value() == in.head());
  const table back = roll_back(tagged, in.head());
  in.store->overtake = [&in]() -> task<> { co_await in.append_elsewhere("more"); };
  in.store->play({fault::overtaken});
  CHECK_FAILS(in.commit(back), status::CONFLICT, "was made when branch main was at snapshot");
}

BOOST_AUTO_TEST_SUITE_END()
