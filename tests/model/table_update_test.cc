#include "model/table_update.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "failure.h"
#include "model/example_metadata.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(table_update_test)

namespace {

void commit(table_metadata &m, std::shared_ptr<snapshot> s) {
  const std::int64_t id = s->snapshot_id, now = s->timestamp_ms;
  apply(m, update::add_snapshot{std::move(s)}, now);
  apply(m, update::set_snapshot_ref{"main", example::branch_at(id)}, now);
}

/// Snapshots 11 to 14, one after the other, at 1100 to 1400 ms.
table_metadata with_history() {
  table_metadata m = example::empty_table();
  for (const std::int64_t i : {1, 2, 3, 4}) commit(m, example::snapshot_of(10 + i, i, 1000 + 100 * i));
  check_table_metadata(m);
  return m;
}

std::vector<std::int64_t> log_of(const table_metadata &m) {
  std::vector<std::int64_t> ids;
  for (const snapshot_log_entry &e : m.snapshot_log) ids.push_back(e.snapshot_id);
  return ids;
}

void refused(const table_update &change, const char *part, int format_version = 2,
             status code = status::INVALID_ARGUMENT) {
  table_metadata m = example::empty_table(format_version);
  CHECK_FAILS(apply(m, change, 2000), code, part);
  BOOST_TEST(m.last_updated_ms == 1000);  // nothing happened
  check_table_metadata(m);
}

partition_spec spec_of(std::int32_t spec_id, std::int32_t field_id, std::int32_t source_id = 1) {
  partition_spec spec;
  spec.spec_id = spec_id;
  spec.fields.push_back({{source_id}, field_id, "c1", transform{}});
  return spec;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_table_from_nothing) {
  table_metadata m;
  m.location = "s3://bucket/t";
  const uuid id = uuid::parse("f79c3e09-677c-4bbd-a479-3f349cb785e7");
  apply(m, update::assign_uuid{id}, 5);
  apply(m, update::add_schema{example::schema_of(0, 3)}, 5);
  apply(m, update::set_current_schema{0}, 5);
  apply(m, update::add_partition_spec{spec_of(0, 1000)}, 5);
  apply(m, update::set_default_spec{0}, 5);
  apply(m, update::add_sort_order{}, 5);
  apply(m, update::set_default_sort_order{0}, 5);
  apply(m, update::set_properties{{{"a", "1"}}}, 6);
  check_table_metadata(m);
  BOOST_TEST(m.last_column_id == 3);
  BOOST_TEST(m.last_partition_id == 1000);
  BOOST_TEST(m.last_updated_ms == 6);
  BOOST_TEST(*m.property("a") == "1");
  apply(m, update::assign_uuid{id}, 7);
  CHECK_FAILS(apply(m, update::assign_uuid{uuid{}}, 7), status::INVALID_ARGUMENT, "another uuid");
}

BOOST_AUTO_TEST_CASE(snapshots_move_the_table) {
  table_metadata m = example::empty_table();
  apply(m, update::add_snapshot{example::snapshot_of(11, 1, 1100)}, 9999);
  BOOST_TEST(m.last_sequence_number == 1);
  BOOST_TEST(m.last_updated_ms == 1100);  // the snapshot's own time
  BOOST_TEST(!m.current_snapshot_id);
  BOOST_TEST(m.snapshot_log.empty());
  apply(m, update::set_snapshot_ref{"main", example::branch_at(11)}, 1100);
  BOOST_TEST(*m.current_snapshot_id == 11);
  BOOST_TEST(bool(m.snapshot_log == std::vector<snapshot_log_entry>{{1100, 11}}));
  snapshot_ref keeping_more = m.refs["main"];
  keeping_more.min_snapshots_to_keep = 5;
  apply(m, update::set_snapshot_ref{"main", keeping_more}, 1200);
  BOOST_TEST(m.snapshot_log.size() == 1u);
  BOOST_TEST(*m.refs["main"].min_snapshots_to_keep == 5);
  check_table_metadata(m);
}

BOOST_AUTO_TEST_CASE(several_snapshots_in_one_version) {
  table_metadata m = example::empty_table();
  for (const std::int64_t i : {1, 2, 3})
    apply(m, update::add_snapshot{example::snapshot_of(10 + i, i, 1100 + i)}, 1101);
  apply(m, update::set_snapshot_ref{"main", example::branch_at(13)}, 1103);
  BOOST_TEST(m.last_updated_ms == 1103);
  BOOST_TEST(m.last_sequence_number == 3);
  BOOST_TEST(bool(log_of(m) == std::vector<std::int64_t>{13}));
  check_table_metadata(m);
}

BOOST_AUTO_TEST_CASE(rollback_is_a_new_entry_of_the_log) {
  table_metadata m = with_history();
  apply(m, update::set_snapshot_ref{"main", example::branch_at(12)}, 2000);
  BOOST_TEST(*m.current_snapshot_id == 12);
  BOOST_TEST(bool(m.snapshot_log.back() == snapshot_log_entry{2000, 12}));
  BOOST_TEST(m.snapshot_as_of(1999)->snapshot_id == 14);
  BOOST_TEST(m.snapshot_as_of(2000)->snapshot_id == 12);
  check_table_metadata(m);
}

BOOST_AUTO_TEST_CASE(snapshots_that_are_refused) {
  refused(update::add_snapshot{example::snapshot_of(11, 0, 1100)}, "sequence number 0");
  auto of_unknown_schema = example::snapshot_of(11, 1, 1100);
  of_unknown_schema->schema_id = 9;
  refused(update::add_snapshot{of_unknown_schema}, "no schema of the table: 9");
  table_metadata m = with_history();
  CHECK_FAILS(apply(m, update::add_snapshot{example::snapshot_of(11, 5, 1500)}, 1500), status::INVALID_ARGUMENT,
              "already");
  CHECK_FAILS(apply(m, update::add_snapshot{example::snapshot_of(15, 4, 1500)}, 1500), status::INVALID_ARGUMENT,
              "not above the last one, 4");
  table_metadata version_1 = example::empty_table(1);
  commit(version_1, example::snapshot_of(11, 0, 1100));
  check_table_metadata(version_1);
}

BOOST_AUTO_TEST_CASE(row_ids_of_version_3) {
  table_metadata m = example::empty_table(3);
  auto s = example::snapshot_of(11, 1, 1100);
  refused(update::add_snapshot{s}, "row ids", 3);
  s->first_row_id = 0;
  s->added_rows = 125;
  commit(m, s);
  BOOST_TEST(m.next_row_id == 125);
  s = example::snapshot_of(12, 2, 1200);
  s->first_row_id = 124;
  s->added_rows = 1;
  CHECK_FAILS(apply(m, update::add_snapshot{s}, 1200), status::INVALID_ARGUMENT, "below the next one, 125");
  s->first_row_id = 200;
  s->added_rows = std::numeric_limits<std::int64_t>::max();
  CHECK_FAILS(apply(m, update::add_snapshot{s}, 1200), status::INVALID_ARGUMENT, "used up");
  s->added_rows = 10;
  commit(m, s);
  BOOST_TEST(m.next_row_id == 210);
  check_table_metadata(m);
}

BOOST_AUTO_TEST_CASE(removing_snapshots) {
  table_metadata m = with_history();
  m.statistics.resize(2);
  m.statistics[0].snapshot_id = 12;
  m.statistics[1].snapshot_id = 14;
  m.partition_statistics.resize(2);
  m.partition_statistics[0].snapshot_id = 11;
  m.partition_statistics[1].snapshot_id = 12;
  apply(m, update::set_snapshot_ref{"old", example::tag_at(12)}, 1400);
  apply(m, update::remove_snapshots{{12}}, 2000);
  BOOST_TEST(m.snapshots.size() == 3u);
  BOOST_TEST(!m.refs.contains("old"));
  BOOST_TEST(m.statistics.size() == 1u);
  BOOST_TEST(m.partition_statistics.size() == 1u);
  // 11 is still there, but the log may not say that it was current until 1300.
  BOOST_TEST(bool(log_of(m) == std::vector<std::int64_t>{13, 14}));
  BOOST_TEST(m.last_updated_ms == 2000);
  check_table_metadata(m);
  CHECK_FAILS(apply(m, update::remove_snapshots{{12}}, 2000), status::INVALID_ARGUMENT, "not all");
}

BOOST_AUTO_TEST_CASE(removing_the_current_snapshot) {
  table_metadata m = with_history();
  apply(m, update::remove_snapshots{{14}}, 2000);
  BOOST_TEST(!m.current_snapshot_id);
  BOOST_TEST(m.refs.empty());
  BOOST_TEST(m.snapshot_log.empty());
  check_table_metadata(m);
}

BOOST_AUTO_TEST_CASE(refs) {
  table_metadata m = with_history();
  apply(m, update::set_snapshot_ref{"tag", example::tag_at(12)}, 2000);
  BOOST_TEST(*m.current_snapshot_id == 14);
  apply(m, update::remove_snapshot_ref{"tag"}, 2000);
  CHECK_FAILS(apply(m, update::remove_snapshot_ref{"tag"}, 2000), status::INVALID_ARGUMENT, "'tag'");
  apply(m, update::remove_snapshot_ref{"main"}, 2000);
  BOOST_TEST(!m.current_snapshot_id);
  check_table_metadata(m);
  CHECK_FAILS(apply(m, update::set_snapshot_ref{"x", example::branch_at(99)}, 2000), status::INVALID_ARGUMENT, "99");
  CHECK_FAILS(apply(m, update::set_snapshot_ref{"main", example::tag_at(12)}, 2000), status::INVALID_ARGUMENT, "main");
  snapshot_ref greedy = example::tag_at(12);
  greedy.min_snapshots_to_keep = 3;
  CHECK_FAILS(apply(m, update::set_snapshot_ref{"x", greedy}, 2000), status::INVALID_ARGUMENT, "tag");
}

BOOST_AUTO_TEST_CASE(schemas) {
  table_metadata m = example::empty_table();
  apply(m, update::add_schema{example::schema_of(1, 4)}, 2000);
  BOOST_TEST(m.current_schema_id == 0);
  BOOST_TEST(m.last_column_id == 4);
  apply(m, update::set_current_schema{1}, 2000);
  apply(m, update::add_schema{example::schema_of(2, 2)}, 2000);
  BOOST_TEST(m.last_column_id == 4);  // ids are never given twice
  check_table_metadata(m);
  refused(update::add_schema{example::schema_of(0)}, "already has a schema of id 0");
  refused(update::set_current_schema{1}, "no schema of id 1");
  field f;
  f.id = 1;
  f.name = "v";
  f.type = type_kind::variant;
  refused(update::add_schema{std::make_shared<const schema>(1, std::vector<field>{f})}, "needs format version 3");
}

BOOST_AUTO_TEST_CASE(partition_specs) {
  table_metadata m = example::empty_table();
  apply(m, update::add_partition_spec{spec_of(1, 1005)}, 2000);
  BOOST_TEST(m.last_partition_id == 1005);
  BOOST_TEST(m.default_spec_id == 0);
  apply(m, update::set_default_spec{1}, 2000);
  check_table_metadata(m);
  refused(update::add_partition_spec{spec_of(0, 1000)}, "already has a partition spec of id 0");
  refused(update::add_partition_spec{spec_of(1, 1000, 9)}, "source column 9");
  refused(update::add_partition_spec{spec_of(1, 999)}, "below 1000");
  refused(update::add_partition_spec{spec_of(1, 1001)}, "count up from 1000", 1);
  refused(update::set_default_spec{1}, "no partition spec of id 1");
}

BOOST_AUTO_TEST_CASE(sort_orders) {
  table_metadata m = example::empty_table();
  apply(m, update::add_sort_order{{1, {{transform{}, {1}, true, true}}}}, 2000);
  apply(m, update::set_default_sort_order{1}, 2000);
  check_table_metadata(m);
  refused(update::add_sort_order{{0, {}}}, "already has a sort order of id 0");
  refused(update::add_sort_order{{1, {}}}, "sort order 0");
  refused(update::add_sort_order{{1, {{transform{}, {9}}}}}, "source column 9");
  refused(update::add_sort_order{{1, {{transform{}, {}}}}}, "no source column");
  refused(update::add_sort_order{{1, {{transform::parse("day"), {1}}}}}, "does not take");
  refused(update::set_default_sort_order{1}, "no sort order of id 1");
}

BOOST_AUTO_TEST_CASE(versions_only_go_up) {
  table_metadata m = example::empty_table(1);
  apply(m, update::upgrade_format_version{2}, 2000);
  apply(m, update::upgrade_format_version{3}, 2000);
  BOOST_TEST(m.format_version == 3);
  BOOST_TEST(m.next_row_id == 0);
  apply(m, update::upgrade_format_version{3}, 2000);
  refused(update::upgrade_format_version{1}, "cannot go down");
  refused(update::upgrade_format_version{4}, "4", 2, status::UNSUPPORTED);
}

BOOST_AUTO_TEST_CASE(properties) {
  table_metadata m = example::empty_table();
  apply(m, update::set_properties{{{"a", "1"}, {"b", "2"}, {"a", "3"}}}, 2000);
  apply(m, update::remove_properties{{"b", "nothing"}}, 2001);
  BOOST_TEST(m.properties.size() == 1u);
  BOOST_TEST(*m.property("a") == "3");
  BOOST_TEST(m.last_updated_ms == 2001);
  for (const char *key :
       {"format-version", "uuid", "snapshot-count", "current-snapshot-id", "current-snapshot-summary",
        "current-snapshot-timestamp-ms", "current-schema", "default-partition-spec", "default-sort-order"}) {
    refused(update::set_properties{{{"fine", "1"}, {key, "1"}}}, key);
  }
  refused(update::set_properties{{{"", "1"}}}, "empty key");
  apply(m, update::set_location{"s3://bucket/u"}, 2002);
  BOOST_TEST(m.location == "s3://bucket/u");
}

BOOST_AUTO_TEST_CASE(time_never_steps_back) {
  table_metadata m = example::empty_table();
  apply(m, update::set_properties{{{"a", "1"}}}, 500);
  BOOST_TEST(m.last_updated_ms == 1000);
}

BOOST_AUTO_TEST_CASE(requirements) {
  const table_metadata m = with_history();
  const auto fails = [&](const table_requirement &r, const char *part) {
    CHECK_FAILS(check(&m, r), status::CONFLICT, part);
  };
  check(nullptr, requirement::assert_create{});
  fails(requirement::assert_create{}, "already exists");
  check(&m, requirement::assert_table_uuid{uuid{}});
  fails(requirement::assert_table_uuid{uuid::parse("f79c3e09-677c-4bbd-a479-3f349cb785e7")}, "f79c3e09");
  check(&m, requirement::assert_ref_snapshot_id{"main", 14});
  check(&m, requirement::assert_ref_snapshot_id{"none", std::nullopt});
  fails(requirement::assert_ref_snapshot_id{"main", 13}, "ref 'main' should be snapshot 13, but is snapshot 14");
  fails(requirement::assert_ref_snapshot_id{"main", std::nullopt}, "should be absent");
  fails(requirement::assert_ref_snapshot_id{"none", 1}, "is absent");
  check(&m, requirement::assert_last_assigned_field_id{1});
  fails(requirement::assert_last_assigned_field_id{2}, "should be 2, but is 1");
  check(&m, requirement::assert_current_schema_id{0});
  fails(requirement::assert_current_schema_id{1}, "schema");
  check(&m, requirement::assert_last_assigned_partition_id{999});
  fails(requirement::assert_last_assigned_partition_id{1000}, "partition field id");
  check(&m, requirement::assert_default_spec_id{0});
  fails(requirement::assert_default_spec_id{1}, "partition spec");
  check(&m, requirement::assert_default_sort_order_id{0});
  fails(requirement::assert_default_sort_order_id{1}, "sort order");
  CHECK_FAILS(check(nullptr, requirement::assert_default_spec_id{0}), status::CONFLICT, "does not exist");
}

BOOST_AUTO_TEST_CASE(what_updates_require_of_their_base) {
  const table_metadata m = with_history();
  std::vector<table_update> updates;
  updates.push_back(update::set_properties{{{"k", "v"}}});
  updates.push_back(move_branch(m, "main", 12));
  updates.push_back(move_branch(m, "main", 13));
  updates.push_back(move_branch(m, "new", 13));
  updates.push_back(update::add_schema{example::schema_of(1, 3)});
  updates.push_back(update::set_current_schema{1});
  updates.push_back(update::set_default_sort_order{0});
  const std::vector<table_requirement> required = requirements_for(updates, m);
  BOOST_REQUIRE(required.size() == 6u);
  for (const table_requirement &one : required) check(&m, one);
  BOOST_TEST((std::get<requirement::assert_table_uuid>(required[0]).table_uuid == m.table_uuid));
  BOOST_TEST(std::get<requirement::assert_ref_snapshot_id>(required[1]).snapshot_id.value() == 14);
  BOOST_TEST(!std::get<requirement::assert_ref_snapshot_id>(required[2]).snapshot_id.has_value());
  BOOST_TEST(std::get<requirement::assert_last_assigned_field_id>(required[3]).last_column_id == m.last_column_id);
  table_metadata moved = m;
  apply(moved, updates[1], 2000);
  CHECK_FAILS(check(&moved, required[1]), status::CONFLICT, "ref 'main'");
}

BOOST_AUTO_TEST_SUITE_END()
