// What others have committed to a branch since a caller looked.

#include "table/snapshots/branch_history.h"

#include "failure.h"
#include "table/operations/roll_back.h"
#include "table/sample_table.h"

using namespace evodb;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(branch_history_test)

namespace {

struct line : sample_table {
  line() {
    table made = commit(create());
    empty.emplace(made);
    for (const char *name : {"a", "b", "c"}) {
      made = commit(append(made, files(made, name)));
      ids.push_back(*made.metadata()->current_snapshot_id);
    }
    now.emplace(made);
  }

  static std::vector<std::int64_t> since(const seen_branch &seen, const table_metadata &base) {
    std::vector<std::int64_t> found;
    for (const auto &one : snapshots_since(seen, base)) found.push_back(one->snapshot_id);
    return found;
  }
  seen_branch seen(std::optional<std::int64_t> head) const {
    seen_branch made(*now, "main");
    made.head = head;
    return made;
  }
  /// Without that snapshot.
  table_metadata expired(std::int64_t id) const {
    table_metadata metadata = *now->metadata();
    apply(metadata, update::remove_snapshots{{id}}, metadata.last_updated_ms + 1);
    return metadata;
  }

  std::optional<table> empty, now;
  std::vector<std::int64_t> ids;
};

using numbers = std::vector<std::int64_t>;

}  // namespace

BOOST_FIXTURE_TEST_CASE(the_newest_come_first_and_own_ones_not_at_all, line) {
  const table_metadata &base = *now->metadata();
  BOOST_TEST((since(seen(ids[0]), base) == numbers{ids[2], ids[1]}));
  BOOST_TEST(since(seen(ids[2]), base).empty());
  BOOST_TEST((since(seen(std::nullopt), base) == numbers{ids[2], ids[1], ids[0]}));
  seen_branch with_own = seen(ids[0]);
  with_own.own = {ids[1]};
  BOOST_TEST((since(with_own, base) == numbers{ids[2]}));
}

BOOST_FIXTURE_TEST_CASE(an_expired_snapshot_in_between_hides_nothing, line) {
  BOOST_TEST((since(seen(ids[0]), expired(ids[0])) == numbers{ids[2], ids[1]}));  // what was seen need not be there
  CHECK_FAILS(since(seen(ids[0]), expired(ids[1])), status::CONFLICT, "has expired");
  CHECK_FAILS(since(seen(std::nullopt), expired(ids[0])), status::CONFLICT, "has expired");
}

BOOST_FIXTURE_TEST_CASE(what_was_rolled_back_is_a_conflict, line) {
  const table back = commit(roll_back(*now, ids[0]));
  CHECK_FAILS(since(seen(ids[2]), *back.metadata()), status::CONFLICT, "is not in the history of branch main any more");
}

BOOST_FIXTURE_TEST_CASE(parents_in_a_circle_end, line) {
  table_metadata metadata = *now->metadata();
  snapshot first = *metadata.find_snapshot(ids[0]);
  first.parent_snapshot_id = ids[2];
  apply(metadata, update::remove_snapshots{{ids[0]}}, metadata.last_updated_ms + 1);
  metadata.snapshots.push_back(std::make_shared<const snapshot>(first));
  CHECK_FAILS(since(seen(std::nullopt), metadata), status::CORRUPT, "in a circle");
}

BOOST_AUTO_TEST_SUITE_END()
