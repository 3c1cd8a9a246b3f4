#include "model/table_metadata.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "failure.h"
#include "model/example_metadata.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(table_metadata_test)

namespace {

/// Snapshots 11, 12, 13 in a row, of which 13 is current, and 14 beside them, which never was.
table_metadata with_history() {
  table_metadata m = example::empty_table();
  for (const std::int64_t i : {1, 2, 3, 4}) {
    auto s = example::snapshot_of(10 + i, i, 1000 + 100 * i);
    if (i > 1) s->parent_snapshot_id = 9 + i;
    if (i == 2) s->schema_id = 0;
    m.snapshots.push_back(s);
    if (i < 4) m.snapshot_log.push_back({s->timestamp_ms, s->snapshot_id});
  }
  m.last_sequence_number = 4;
  m.last_updated_ms = 1400;
  m.current_snapshot_id = 13;
  m.refs["main"].snapshot_id = 13;
  return m;
}

std::vector<std::int64_t> ancestors_of(const table_metadata &m, std::int64_t snapshot_id) {
  std::vector<std::int64_t> ids;
  m.visit_ancestors(snapshot_id, [&](const snapshot &one) {
    ids.push_back(one.snapshot_id);
    return true;
  });
  return ids;
}

}  // namespace

BOOST_AUTO_TEST_CASE(lookups) {
  const table_metadata m = with_history();
  BOOST_TEST(m.current_schema()->schema_id() == 0);
  BOOST_TEST(m.default_spec().is_unpartitioned());
  BOOST_TEST(!m.find_schema(1));
  BOOST_TEST(!m.find_spec(1));
  BOOST_TEST(m.current_snapshot()->snapshot_id == 13);
  BOOST_TEST(!m.find_snapshot(99));
  BOOST_TEST(!example::empty_table().current_snapshot());
  BOOST_TEST(!m.property("x"));
  BOOST_TEST(m.schema_of(nullptr) == m.current_schema());
  BOOST_TEST(m.schema_of(m.find_snapshot(12).get()) == m.schemas[0]);
  snapshot of_unknown_schema;
  of_unknown_schema.schema_id = 7;
  CHECK_FAILS(m.schema_of(&of_unknown_schema), status::CORRUPT, "7");
}

BOOST_AUTO_TEST_CASE(as_of_follows_the_log) {
  table_metadata m = with_history();
  BOOST_TEST(m.snapshot_as_of(1100)->snapshot_id == 11);  // inclusive
  BOOST_TEST(m.snapshot_as_of(1199)->snapshot_id == 11);
  BOOST_TEST(m.snapshot_as_of(1200)->snapshot_id == 12);
  BOOST_TEST(m.snapshot_as_of(9999)->snapshot_id == 13);  // 14 never was current
  CHECK_FAILS(m.snapshot_as_of(1099), status::NOT_FOUND,
              "at or before 1970-01-01T00:00:01.099000Z: its first is of 1970-01-01T00:00:01.100000Z");
  m.snapshot_log.push_back({1500, 11});  // rolled back
  BOOST_TEST(m.snapshot_as_of(1500)->snapshot_id == 11);
  m.snapshot_log.push_back({1600, 99});
  CHECK_FAILS(m.snapshot_as_of(1600), status::NOT_FOUND, "expired");
}

BOOST_AUTO_TEST_CASE(ancestors) {
  table_metadata m = with_history();
  BOOST_TEST(bool(ancestors_of(m, 13) == std::vector<std::int64_t>{13, 12, 11}));
  BOOST_TEST(ancestors_of(m, 99).empty());
  auto circular = example::snapshot_of(11, 1, 1100);
  circular->parent_snapshot_id = 13;
  m.snapshots.erase_if([](const auto &s) { return s->snapshot_id == 11; });
  m.snapshots.push_back(circular);
  BOOST_TEST(bool(ancestors_of(m, 13) == std::vector<std::int64_t>{13, 12, 11}));
}

BOOST_AUTO_TEST_CASE(many_snapshots_are_found_by_id) {
  constexpr std::int64_t count = 10'000;
  const auto id_of = [](std::int64_t i) { return i * 7919 % 100'003; };  // in no order, and no two alike
  table_metadata m = example::empty_table();
  for (std::int64_t i = 1; i <= count; ++i) {
    auto s = example::snapshot_of(id_of(i), i, 1000 + i);
    if (i > 1) s->parent_snapshot_id = id_of(i - 1);
    m.snapshots.push_back(s);
  }
  const table_metadata before = m;
  m.snapshots.erase_if([](const auto &s) { return s->sequence_number % 3 == 0; });
  for (std::int64_t i = 1; i <= count; ++i) {
    const auto found = before.find_snapshot(id_of(i)), left = m.find_snapshot(id_of(i));
    if (!found || found->sequence_number != i) BOOST_ERROR("not found: " << i);
    if ((i % 3 == 0) == (left != nullptr)) BOOST_ERROR("there, or not: " << i);
  }
  BOOST_TEST(ancestors_of(before, id_of(count)).size() == 10'000u);
  BOOST_TEST(ancestors_of(m, id_of(count)).size() == 1u);  // its parent has expired
}

BOOST_AUTO_TEST_CASE(sound_metadata_passes) {
  check_table_metadata(example::empty_table());
  check_table_metadata(example::empty_table(1));
  table_metadata m = with_history();
  m.snapshot_log[1].timestamp_ms = 61'000;  // clocks may step back by a minute
  m.last_updated_ms = 61'000;
  check_table_metadata(m);
  m.location = "file:/tmp/t";
  check_table_metadata(m);
  m.location = "/tmp/t";
  check_table_metadata(m);
}

BOOST_AUTO_TEST_CASE(contradictions_are_found) {
  const auto refused = [](auto &&change, const char *part, status code = status::CORRUPT) {
    table_metadata m = with_history();
    change(m);
    CHECK_FAILS(check_table_metadata(m), code, part);
  };
  const auto spec_of = [](std::int32_t field_id) {
    partition_spec spec;
    spec.fields.push_back({{1}, field_id, "c1", transform{}});
    return spec;
  };
  refused([](table_metadata &m) { m.format_version = 0; }, "format-version");
  refused([](table_metadata &m) { m.format_version = 4; }, "version 4", status::UNSUPPORTED);
  refused([](table_metadata &m) { m.location = "t"; }, "location is relative: 't'", status::UNSUPPORTED);
  refused([](table_metadata &m) { m.location = ""; }, "location", status::UNSUPPORTED);
  refused([](table_metadata &m) { m.not_understood = {"$.refs.x.type: expected branch or tag"}; }, "refs.x.type",
          status::UNSUPPORTED);
  refused([](table_metadata &m) { m.schemas.clear(); }, "current-schema-id");
  refused([](table_metadata &m) { m.current_schema_id = 1; }, "current-schema-id");
  refused([](table_metadata &m) { m.schemas.push_back(m.schemas[0]); }, "two schemas");
  refused([](table_metadata &m) { m.last_column_id = 0; }, "last-column-id");
  refused([](table_metadata &m) { m.default_spec_id = 1; }, "default-spec-id");
  refused([](table_metadata &m) { m.partition_specs.push_back({}); }, "two partition specs");
  refused([&](table_metadata &m) { m.partition_specs[0] = spec_of(1000); }, "last-partition-id");
  refused(
      [&](table_metadata &m) {
        m.last_partition_id = 1000;
        m.partition_specs[0] = spec_of(1000);
        m.partition_specs[0].fields.push_back(m.partition_specs[0].fields[0]);
      },
      "twice");
  refused(
      [&](table_metadata &m) {
        m.last_partition_id = 1000;
        m.partition_specs[0] = spec_of(1000);
        m.partition_specs[0].fields[0].source_ids.clear();
      },
      "no source");
  refused([](table_metadata &m) { m.default_sort_order_id = 1; }, "default-sort-order-id");
  refused([](table_metadata &m) { m.sort_orders.push_back({}); }, "two sort orders");
  refused([](table_metadata &m) { m.sort_orders[0].fields.push_back({transform{}, {1}}); }, "sort order 0");
  refused([](table_metadata &m) { m.snapshots.push_back(m.snapshots[0]); }, "two snapshots");
  refused([](table_metadata &m) { m.last_sequence_number = 3; }, "last-sequence-number");
  refused([](table_metadata &m) { m.current_snapshot_id = 99; }, "current-snapshot-id");
  refused([](table_metadata &m) { m.current_snapshot_id = 12; }, "main is at snapshot 13");
  refused([](table_metadata &m) { m.current_snapshot_id.reset(); }, "no current snapshot");
  refused([](table_metadata &m) { m.refs.clear(); }, "no main branch");
  refused([](table_metadata &m) { m.refs["main"].is_branch = false; }, "main is a tag");
  refused([](table_metadata &m) { m.refs["x"].snapshot_id = 99; }, "'x'");
  refused([](table_metadata &m) { m.snapshot_log[0].timestamp_ms = 61'201; }, "snapshot-log steps back");
  refused([](table_metadata &m) { m.snapshot_log[2].timestamp_ms = 61'401; }, "snapshot-log steps back");
  refused([](table_metadata &m) { m.metadata_log = {{61'401, "v1"}}; }, "metadata-log steps back");
  refused(
      [](table_metadata &m) {
        m.metadata_log = {{std::numeric_limits<std::int64_t>::max(), "v1"},
                          {std::numeric_limits<std::int64_t>::min(), "v2"}};
      },
      "metadata-log steps back");
  refused(
      [](table_metadata &m) {
        m.format_version = 3;
        m.next_row_id = 10;
        auto s = example::snapshot_of(15, 4, 1400);
        s->first_row_id = 5;
        s->added_rows = std::numeric_limits<std::int64_t>::max();
        m.snapshots.push_back(s);
      },
      "next-row-id");
}

BOOST_AUTO_TEST_CASE(readers_do_without_what_only_writers_need) {
  const auto readable = [](auto &&change) {
    table_metadata m = with_history();
    change(m);
    check_readable(m);
    CHECK_FAILS(check_table_metadata(m), status::CORRUPT);
  };
  readable([](table_metadata &m) { m.last_column_id = 0; });
  readable([](table_metadata &m) { m.last_sequence_number = 3; });
  readable([](table_metadata &m) { m.default_spec_id = 1; });
  readable([](table_metadata &m) { m.default_sort_order_id = 1; });
  readable([](table_metadata &m) { m.refs.clear(); });
  readable([](table_metadata &m) { m.refs["main"].is_branch = false; });
  readable([](table_metadata &m) { m.refs["x"].snapshot_id = 99; });
  readable([](table_metadata &m) { m.snapshot_log[0].timestamp_ms = 61'201; });
  readable([](table_metadata &m) { m.schemas.push_back(m.schemas[0]); });  // twice the same is no contradiction
  readable([](table_metadata &m) { m.snapshots.push_back(std::make_shared<const snapshot>(*m.snapshots[0])); });
  readable([](table_metadata &m) { m.partition_specs.push_back(m.partition_specs[0]); });

  const auto refused = [](auto &&change) {
    table_metadata m = with_history();
    change(m);
    CHECK_FAILS(check_readable(m), status::CORRUPT);
  };
  refused([](table_metadata &m) { m.current_schema_id = 1; });
  refused([](table_metadata &m) { m.schemas.push_back(example::schema_of(0, 2)); });
  refused([](table_metadata &m) { m.snapshots.push_back(example::snapshot_of(11, 9, 1)); });
  refused([](table_metadata &m) { m.current_snapshot_id = 99; });
  refused([](table_metadata &m) { m.current_snapshot_id = 12; });
  refused([](table_metadata &m) { m.current_snapshot_id.reset(); });
}

BOOST_AUTO_TEST_CASE(counters_that_are_too_low_are_completed) {
  table_metadata m = with_history();
  m.format_version = 3;
  auto with_rows = example::snapshot_of(15, 9, 1400);
  with_rows->first_row_id = 5;
  with_rows->added_rows = 10;
  m.snapshots.push_back(with_rows);
  m.partition_specs[0].fields.push_back({{1}, 1003, "c1", transform{}});
  m.last_column_id = -1;
  m.refs.clear();
  m.refs["x"] = example::tag_at(12);
  complete(m);
  BOOST_TEST(m.last_column_id == 1);
  BOOST_TEST(m.last_partition_id == 1003);
  BOOST_TEST(m.last_sequence_number == 9);
  BOOST_TEST(m.next_row_id == 15);
  BOOST_TEST(m.refs.at("main").snapshot_id == 13);
  BOOST_TEST(m.refs.size() == 2u);
  check_table_metadata(m);
}

BOOST_AUTO_TEST_SUITE_END()
