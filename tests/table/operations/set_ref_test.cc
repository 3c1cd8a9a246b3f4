#include "table/operations/set_ref.h"

#include <fmt/format.h>

#include <tuple>

#include "failure.h"
#include "table/operations/refs_on_a_line.h"

using namespace evodb;
using namespace table_tests;

BOOST_AUTO_TEST_SUITE(set_ref_test)

BOOST_AUTO_TEST_CASE(a_branch_and_a_tag_at_snapshots) {
  const three_appends in;
  set_ref_options kept;
  kept.retention.min_snapshots_to_keep = 3;
  kept.retention.max_snapshot_age_ms = 4000;
  kept.retention.max_ref_age_ms = 5000;
  set_ref_options year;
  year.retention.max_ref_age_ms = 6000;
  const table made = set_tag(set_branch(in.value, "audit", in.ids[1], kept), "first", in.ids[0], year);
  const table there = in.commit(made);
  BOOST_TEST(there.base().version == in.value.base().version + 1);
  snapshot_ref audit, first;
  audit.snapshot_id = in.ids[1];
  audit.min_snapshots_to_keep = 3;
  audit.max_snapshot_age_ms = 4000;
  audit.max_ref_age_ms = 5000;
  first.snapshot_id = in.ids[0];
  first.is_branch = false;
  first.max_ref_age_ms = 6000;
  for (const table &one : {made, there, in.open()}) {
    BOOST_TEST((one.metadata()->refs.at("audit") == audit));
    BOOST_TEST((one.metadata()->refs.at("first") == first));
    BOOST_TEST(at(one, "main").value() == in.ids[2]);
  }
  BOOST_TEST(in.plan(there, at_ref("audit")) == (paths{"a.parquet", "b.parquet"}), boost::test_tools::per_element());
  BOOST_TEST(in.plan(there, at_ref("first")) == paths{"a.parquet"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_ref_that_is_there_moves_only_where_it_is_to_be_replaced) {
  const three_appends in;
  set_ref_options kept;
  kept.retention.min_snapshots_to_keep = 3;
  kept.retention.max_ref_age_ms = 5000;
  const table base = in.commit(set_tag(set_branch(in.value, "b", in.ids[0], kept), "t", in.ids[0]));
  CHECK_FAILS(set_branch(base, "b", in.ids[1]), status::ALREADY_EXISTS, "has a branch b already, at snapshot");
  CHECK_FAILS(set_tag(base, "t", in.ids[1]), status::ALREADY_EXISTS, "has a tag t already");
  CHECK_FAILS(set_branch(base, "t", in.ids[1], replacing()), status::INVALID_ARGUMENT,
              "'t' is a tag, and not a branch");
  CHECK_FAILS(set_tag(base, "b", in.ids[1], replacing()), status::INVALID_ARGUMENT, "'b' is a branch, and not a tag");
  set_ref_options less = replacing();
  less.retention.min_snapshots_to_keep = 1;
  const table moved = in.commit(set_tag(set_branch(base, "b", in.ids[1], less), "t", in.ids[2], replacing()));
  BOOST_TEST(at(moved, "t").value() == in.ids[2]);
  const snapshot_ref b = moved.metadata()->refs.at("b");
  BOOST_TEST(b.snapshot_id == in.ids[1]);
  BOOST_TEST(b.min_snapshots_to_keep.value() == 1);
  BOOST_TEST(b.max_ref_age_ms.value() == 5000);  // not given anew
}

BOOST_AUTO_TEST_CASE(main_is_moved_as_any_branch) {
  const three_appends in;
  const table moved = in.commit(set_branch(in.value, "main", in.ids[0], replacing()));
  BOOST_TEST(moved.metadata()->current_snapshot_id.value() == in.ids[0]);
  BOOST_TEST(moved.metadata()->snapshot_log.back().snapshot_id == in.ids[0]);
}

BOOST_AUTO_TEST_CASE(what_no_ref_can_be) {
  const three_appends in;
  CHECK_FAILS(set_branch(in.value, "", in.ids[0]), status::INVALID_ARGUMENT, "the name of the branch is empty");
  CHECK_FAILS(set_tag(in.value, "", in.ids[0]), status::INVALID_ARGUMENT, "the name of the tag is empty");
  CHECK_FAILS(set_tag(in.value, "main", in.ids[0], replacing()), status::INVALID_ARGUMENT, "main is a branch");
  CHECK_FAILS(set_branch(in.value, "b", 5), status::NOT_FOUND, "no snapshot 5");
  CHECK_FAILS(set_tag(in.value, "t", 5), status::NOT_FOUND, "no snapshot 5");
  using set_field = void (*)(ref_retention &, std::int64_t);
  const std::tuple<const char *, set_field, bool> fields[] = {
      {"min-snapshots-to-keep",
       [](ref_retention &r, std::int64_t n) { r.min_snapshots_to_keep = static_cast<std::int32_t>(n); }, false},
      {"max-snapshot-age-ms", [](ref_retention &r, std::int64_t n) { r.max_snapshot_age_ms = n; }, false},
      {"max-ref-age-ms", [](ref_retention &r, std::int64_t n) { r.max_ref_age_ms = n; }, true}};
  for (const auto &[name, set, is_of_tags] : fields) {
    for (const std::int64_t wrong : {0, -1}) {
      set_ref_options options;
      set(options.retention, wrong);
      CHECK_FAILS(set_branch(in.value, "b", in.ids[0], options), status::INVALID_ARGUMENT,
                  fmt::format("{} of 'b' is not above 0: {}", name, wrong));
    }
    set_ref_options options;
    set(options.retention, 1);
    BOOST_CHECK_NO_THROW(set_branch(in.value, "b", in.ids[0], options));
    if (!is_of_tags) CHECK_FAILS(set_tag(in.value, "t", in.ids[0], options), status::INVALID_ARGUMENT, "of branches");
    if (!is_of_tags) continue;
    options.replace = true;
    CHECK_FAILS(set_branch(in.value, "main", in.ids[0], options), status::INVALID_ARGUMENT, "main branch does not age");
  }
}

BOOST_AUTO_TEST_CASE(a_ref_that_another_writer_made_or_moved_first_is_a_conflict) {
  const three_appends in;
  const table made = set_branch(in.value, "b", in.ids[0]);
  const table base = in.commit(set_branch(in.value, "b", in.ids[1]));
  CHECK_FAILS(
      in.commit(made), status::CONFLICT,
      fmt::format("setting branch b to snapshot {} was made when there was no branch or tag b, and now it is at "
                  "snapshot {}",
                  in.ids[0], in.ids[1]));
  const table mine = set_branch(base, "b", in.ids[0], replacing());
  const table theirs = in.commit(append(base, sample_table::files(base, "d"), on_branch("b")));
  CHECK_FAILS(in.commit(mine), status::CONFLICT,
              fmt::format("was made when branch b was at snapshot {}, and now it is at snapshot {}", in.ids[1],
                          at(theirs, "b").value()));
  const table late = set_branch(theirs, "b", in.ids[0], replacing());
  in.commit(remove_ref(theirs, "b"));
  CHECK_FAILS(in.commit(late), status::CONFLICT, "and now there is none");
  const table tagged = in.commit(set_tag(in.open(), "b", in.ids[1]));
  CHECK_FAILS(in.commit(set_branch(base, "b", in.ids[0], replacing())), status::CONFLICT,
              fmt::format("now a tag is at snapshot {}", in.ids[1]));
  BOOST_TEST(in.open().base().version == tagged.base().version);
}

BOOST_AUTO_TEST_CASE(retention_that_another_writer_set_stays) {
  const three_appends in;
  const table base = in.commit(set_branch(in.value, "b", in.ids[0]));
  const table mine = set_branch(base, "b", in.ids[1], replacing());
  set_ref_options kept = replacing();
  kept.retention.max_ref_age_ms = 7;
  in.commit(set_branch(base, "b", in.ids[0], kept));
  const snapshot_ref b = in.commit(mine).metadata()->refs.at("b");
  BOOST_TEST(b.snapshot_id == in.ids[1]);
  BOOST_TEST(b.max_ref_age_ms.value() == 7);
}

BOOST_AUTO_TEST_CASE(other_branches_do_not_stand_against_it) {
  const three_appends in;
  const table mine = set_tag(in.value, "t", in.ids[1]);
  in.commit(append(in.value, sample_table::files(in.value, "d")));
  in.commit(set_tag(in.value, "other", in.ids[0]));
  const table committed = in.commit(mine);
  BOOST_TEST(at(committed, "t").value() == in.ids[1]);
  BOOST_TEST(at(committed, "other").value() == in.ids[0]);
  BOOST_TEST(in.plan(committed).size() == 4u);
}

BOOST_AUTO_TEST_CASE(with_the_snapshot_that_it_names_in_one_version) {
  const three_appends in;
  const table appended = append(in.value, sample_table::files(in.value, "d"));
  const std::int64_t id = *appended.metadata()->current_snapshot_id;
  const table committed = in.commit(set_tag(appended, "released", id));
  BOOST_TEST(committed.base().version == in.value.base().version + 1);
  BOOST_TEST(at(committed, "released").value() == id);
  BOOST_TEST(in.plan(in.open(), at_ref("released")).size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_tag_does_not_move_with_appends) {
  const three_appends in;
  const table base = in.commit(set_tag(in.value, "t", in.ids[0]));
  CHECK_FAILS(append(base, sample_table::files(base, "d"), on_branch("t")), status::INVALID_ARGUMENT,
              "'t' is a tag, and not a branch");
  CHECK_FAILS(append(base, sample_table::files(base, "d"), on_branch("")), status::INVALID_ARGUMENT, "empty");
  const table mine = append(in.value, sample_table::files(in.value, "d"), on_branch("t"));
  CHECK_FAILS(in.commit(mine), status::CONFLICT, "'t' is a tag now");
}

BOOST_AUTO_TEST_CASE(a_snapshot_that_has_expired_since) {
  const three_appends in;
  const table mine = set_tag(in.value, "t", in.ids[0]);
  table_version without = in.value.base();
  auto metadata = std::make_shared<table_metadata>(*without.metadata);
  apply(*metadata, update::remove_snapshots{{in.ids[0]}}, metadata->last_updated_ms);
  without.metadata = metadata;
  CHECK_FAILS(mine.rebased_on(without), status::CONFLICT, "is no longer in the table");
}

BOOST_AUTO_TEST_SUITE_END()
