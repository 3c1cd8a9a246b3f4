#include "table/operations/upgrade.h"

#include <boost/test/unit_test.hpp>

#include "failure.h"
#include "model/example_metadata.h"
#include "table/sample_table.h"

using namespace evodb;
using table_tests::paths;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(upgrade_test)

BOOST_AUTO_TEST_CASE(a_version_never_goes_down) {
  const sample_table in;
  const table base = in.commit(upgrade(in.create(), 3));
  BOOST_TEST(in.open().metadata()->format_version == 3);
  for (const int version : {1, 2})
    CHECK_FAILS(upgrade(base, version), status::INVALID_ARGUMENT, "a table's version cannot go down");
  for (const int version : {-1, 0, 4})
    CHECK_FAILS(upgrade(base, version), status::INVALID_ARGUMENT, "there are 1 to 3");
  BOOST_TEST(upgrade(base, 3).metadata()->format_version == 3);
}

BOOST_AUTO_TEST_CASE(the_next_snapshot_gives_row_ids_to_all_rows) {
  const sample_table in;
  table at = in.commit(in.create());
  at = in.commit(append(at, sample_table::files(at, "a", "eu", 10)));
  at = in.commit(append(at, sample_table::files(at, "b", "us", 20)));
  at = in.commit(upgrade(at, 3));
  BOOST_TEST(at.metadata()->next_row_id == 0);
  BOOST_TEST(!at.metadata()->current_snapshot()->first_row_id.has_value());
  at = in.commit(append(at, sample_table::files(at, "c", "eu", 5)));
  BOOST_TEST(at.metadata()->current_snapshot()->first_row_id.value() == 0);
  BOOST_TEST(at.metadata()->current_snapshot()->added_rows.value() == 35);
  BOOST_TEST(at.metadata()->next_row_id == 35);
  at = in.commit(append(at, sample_table::files(at, "d", "eu", 7)));
  BOOST_TEST(at.metadata()->current_snapshot()->first_row_id.value() == 35);
  BOOST_TEST(in.open().metadata()->next_row_id == 42);
  BOOST_TEST(in.plan(in.open()) == (paths{"a.parquet", "b.parquet", "c.parquet", "d.parquet"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(with_what_only_the_new_version_has_in_one_commit) {
  const sample_table in;
  const table base = in.commit(in.create());
  schema_change::add at;
  at.name = "at";
  at.type = type_kind::timestamp_ns;
  at.default_json = "\"2020-01-01T00:00:00.000000001\"";
  CHECK_FAILS(evolve_schema(base, {at}), status::INCOMPATIBLE_SCHEMA, "needs format version 3, the table has 2");
  const table upgraded = in.commit(evolve_schema(upgrade(base, 3), {at}));
  BOOST_TEST(upgraded.base().version == 2);
  BOOST_TEST(in.open().metadata()->current_schema()->find("at")->initial_default.has_value());
}

// As the first writers of Iceberg made them.
BOOST_AUTO_TEST_CASE(a_table_without_a_uuid_stays_as_it_is) {
  const sample_table in;
  const table base = in.create();
  table_metadata old = *base.metadata();
  old.format_version = 1;
  table_version version;
  version.metadata = std::make_shared<const table_metadata>(old);
  version.version = 1;
  BOOST_TEST(upgrade(table(base.context(), version), 2).metadata()->format_version == 2);
  old.table_uuid = uuid{};
  version.metadata = std::make_shared<const table_metadata>(old);
  CHECK_FAILS(upgrade(table(base.context(), version), 2), status::UNSUPPORTED, "the table has no table-uuid");
}

BOOST_AUTO_TEST_CASE(two_upgrades_are_no_conflict) {
  const sample_table in;
  const table base = in.commit(in.create());
  const table mine = append(upgrade(base, 3), sample_table::files(base, "a"));
  in.commit(upgrade(base, 3));
  in.commit(mine);
  BOOST_TEST(in.open().metadata()->format_version == 3);
  BOOST_TEST(in.open().metadata()->next_row_id == 10);
}

BOOST_AUTO_TEST_SUITE_END()
