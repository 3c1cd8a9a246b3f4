#include "table/operations/partition_changes.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <limits>

#include "failure.h"
#include "model/example_metadata.h"
#include "model/table_update.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(partition_changes_test)

namespace {

using partition_change::add;
using partition_change::drop;
using partition_change::rename;

/// Columns id (1), ts (2), region (3), s.x (4, 5), tags (6), partitioned as in `spec`.
table_metadata partitioned(const std::string &spec, int format_version = 2) {
  table_metadata m = example::empty_table(format_version);
  const auto column = [](const std::string &name, const std::string &type_text) {
    field f;
    f.name = name;
    f.type = type::parse(type_text);
    return f;
  };
  std::int32_t next_id = 1;
  m.schemas = {std::make_shared<const schema>(
      0, assign_fresh_ids({column("id", "long"), column("ts", "timestamp"), column("region", "string"),
                           column("s", "struct<x: int>"), column("tags", "list<string>")},
                          next_id))};
  m.last_column_id = m.schemas[0]->highest_id();
  m.partition_specs = {parse_partition_spec(spec, *m.schemas[0])};
  m.last_partition_id = 999 + static_cast<std::int32_t>(m.partition_specs[0].fields.size());
  return m;
}

/// The metadata with the changed spec as the default.
table_metadata with(table_metadata m, const partition_changes &changes) {
  const partition_spec evolved = evolve_spec(m, changes);
  if (m.find_spec(evolved.spec_id) == nullptr) apply(m, update::add_partition_spec{evolved}, 1);
  apply(m, update::set_default_spec{evolved.spec_id}, 1);
  return m;
}

/// "1: 1000 region, 1001 id_bucket_4 bucket[4]": the spec's id, and its fields, with their transforms but for identity.
std::string shown(const partition_spec &spec) {
  std::string text = fmt::format("{}:", spec.spec_id);
  for (const partition_field &f : spec.fields) {
    text += fmt::format(" {} {}", f.field_id, f.name);
    if (f.transform.kind != transform::kind::identity) text += fmt::format(" {}", f.transform.to_text());
    text += ',';
  }
  text.pop_back();
  return text;
}

std::string shown(const table_metadata &m) {
  return shown(m.default_spec());
}

}  // namespace

BOOST_AUTO_TEST_CASE(fields_are_added_dropped_and_renamed) {
  const table_metadata m = partitioned("region");
  const struct {
    partition_changes changes;
    const char *expected;
  } cases[] = {
      {{add{"bucket(16, id)"}}, "1: 1000 region, 1001 id_bucket_16 bucket[16]"},
      {{add{" truncate(4, region) "}}, "1: 1000 region, 1001 region_trunc_4 truncate[4]"},
      {{add{"month(ts) AS m"}}, "1: 1000 region, 1001 m month"},
      {{add{"s.x"}}, "1: 1000 region, 1001 s.x"},
      {{drop{"region"}}, "1"},
      {{rename{"region", "area"}}, "1: 1000 area"},
      {{rename{"region", "region"}}, "0: 1000 region"},
      {{drop{"region"}, add{"day(ts)"}}, "1: 1001 ts_day day"},
      {{add{"day(ts)"}, add{"id"}, drop{"ts_day"}}, "1: 1000 region, 1002 id"},
      {{rename{"region", "area"}, drop{"area"}, add{"id"}, rename{"id", "n"}}, "1: 1001 n"},
      {{add{"day(ts)"}, rename{"ts_day", "d"}}, "1: 1000 region, 1001 d day"},
      {{}, "0: 1000 region"},
  };
  for (const auto &one : cases) BOOST_TEST(shown(evolve_spec(m, one.changes)) == one.expected);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_names_the_field) {
  const table_metadata m = partitioned("region, day(ts)");
  const struct {
    partition_changes changes;
    status code;
    const char *said;
  } cases[] = {
      {{drop{"id"}}, status::NOT_FOUND, "partition spec 0 has no field of the name id"},
      {{rename{"id", "x"}}, status::NOT_FOUND, "partition spec 0 has no field of the name id"},
      {{drop{"region"}, drop{"region"}}, status::NOT_FOUND, "no field of the name region"},
      {{add{"region"}}, status::ALREADY_EXISTS, "the partition field region is the same as region"},
      {{add{"day(ts) AS other"}}, status::ALREADY_EXISTS, "is the same as ts_day"},
      {{add{"bucket(4, id)"}, add{"bucket(4, id) AS b"}}, status::ALREADY_EXISTS, "is the same as id_bucket_4"},
      {{add{"bucket(4, id) AS region"}}, status::ALREADY_EXISTS, "already has a field of the name region"},
      {{rename{"ts_day", "region"}}, status::ALREADY_EXISTS, "already has a field of the name region"},
      {{add{"bucket(4, id) AS id"}}, status::INVALID_ARGUMENT, "partition field has the name of a column: 'id'"},
      {{rename{"ts_day", "ts"}}, status::INVALID_ARGUMENT, "partition field has the name of a column: 'ts'"},
      {{rename{"ts_day", ""}}, status::INVALID_ARGUMENT, "empty name"},
      {{rename{"ts_day", "\xff"}}, status::INVALID_ARGUMENT, "not UTF-8"},
      {{drop{"ts_day"}, add{"month(ts)"}, add{"hour(ts)"}},
       status::INVALID_ARGUMENT,
       "the partition field ts_hour is redundant beside ts_month, which is added too"},
      {{add{"nothing"}}, status::INVALID_ARGUMENT, "unknown column nothing"},
      {{add{"zorder(id)"}}, status::INVALID_ARGUMENT, "unknown transform"},
      {{add{"day(region)"}}, status::INVALID_ARGUMENT, "transform day does not take a column of type string"},
      {{add{"tags.element"}}, status::INVALID_ARGUMENT, "inside a list or map"},
      {{add{"id, s.x"}}, status::INVALID_ARGUMENT, "at character 3"},
      {{add{""}}, status::INVALID_ARGUMENT, "expected a name"},
  };
  for (const auto &one : cases) CHECK_FAILS(evolve_spec(m, one.changes), one.code, one.said);
}

BOOST_AUTO_TEST_CASE(a_finer_time_may_be_added_beside_one_that_is_there) {
  BOOST_TEST(shown(evolve_spec(partitioned("day(ts)"), {add{"hour(ts)"}})) == "1: 1000 ts_day day, 1001 ts_hour hour");
}

BOOST_AUTO_TEST_CASE(a_field_of_an_earlier_spec_keeps_its_id_and_its_name) {
  const table_metadata without = with(partitioned("region, bucket(4, id) AS shard"), {drop{"shard"}});
  BOOST_TEST(shown(without) == "1: 1000 region");
  BOOST_TEST(shown(with(without, {add{"day(ts)"}, add{"bucket(4, id)"}})) ==
             "2: 1000 region, 1002 ts_day day, 1001 shard bucket[4]");
  BOOST_TEST(shown(with(without, {add{"bucket(4, id) AS shard"}})) == "0: 1000 region, 1001 shard bucket[4]");
  BOOST_TEST(shown(with(without, {add{"bucket(4, id) AS other"}})) == "2: 1000 region, 1002 other bucket[4]");
  BOOST_TEST(shown(with(without, {add{"bucket(8, id)"}})) == "2: 1000 region, 1002 id_bucket_8 bucket[8]");
}

BOOST_AUTO_TEST_CASE(a_field_that_is_dropped_and_added_again_was_not_dropped) {
  const table_metadata m = partitioned("region, id");
  BOOST_TEST(shown(evolve_spec(m, {drop{"region"}, add{"region"}})) == "0: 1000 region, 1001 id");
  BOOST_TEST(shown(evolve_spec(m, {drop{"region"}, add{"day(ts)"}, add{"region AS area"}})) ==
             "1: 1000 area, 1001 id, 1002 ts_day day");
  CHECK_FAILS(evolve_spec(m, {drop{"region"}, add{"day(ts) AS d"}, add{"region AS d"}}), status::ALREADY_EXISTS,
              "already has a field of the name d");
}

BOOST_AUTO_TEST_CASE(a_spec_equal_to_an_earlier_one_has_its_id) {
  table_metadata m = partitioned("region");
  m = with(m, {add{"id"}});
  m = with(m, {drop{"region"}});
  BOOST_TEST(shown(m) == "2: 1001 id");
  BOOST_TEST(shown(with(m, {drop{"id"}, add{"region"}})) == "0: 1000 region");
  BOOST_TEST(shown(with(m, {add{"region"}})) == "3: 1001 id, 1000 region");
  BOOST_TEST(with(m, {drop{"id"}, add{"region"}}).partition_specs.size() == 3u);
}

BOOST_AUTO_TEST_CASE(version_1_keeps_dropped_fields_as_void_ones) {
  table_metadata m = partitioned("region, day(ts)", 1);
  m = with(m, {drop{"region"}});
  BOOST_TEST(shown(m) == "1: 1000 region void, 1001 ts_day day");
  // As in Java, a void field gives its name up to one that needs it.
  BOOST_TEST(shown(with(m, {add{"region"}})) == "2: 1000 region_1000 void, 1001 ts_day day, 1002 region");
  BOOST_TEST(shown(with(m, {rename{"ts_day", "region_day"}, rename{"region_day", "d"}})) ==
             "2: 1000 region void, 1001 d day");
  BOOST_TEST(shown(with(m, {add{"id"}, drop{"id"}, add{"bucket(4, id)"}})) ==
             "2: 1000 region void, 1001 ts_day day, 1002 id_bucket_4 bucket[4]");
  const table_metadata fresh = partitioned("region, day(ts)", 1);
  BOOST_TEST(shown(with(fresh, {drop{"region"}, add{"region"}})) == "0: 1000 region, 1001 ts_day day");
  BOOST_TEST(shown(with(fresh, {drop{"ts_day"}, add{"bucket(4, id) AS ts_day"}})) ==
             "1: 1000 region, 1001 ts_day_1001 void, 1002 ts_day bucket[4]");
}

// Its id is the one that the field had, and an id stands for one field of a spec.
BOOST_AUTO_TEST_CASE(a_void_field_of_an_upgraded_table_becomes_again_what_it_was) {
  table_metadata m = with(partitioned("region, day(ts)", 1), {drop{"region"}});
  apply(m, update::upgrade_format_version{2}, 1);
  BOOST_TEST(shown(with(m, {add{"region"}})) == "0: 1000 region, 1001 ts_day day");
  BOOST_TEST(shown(with(m, {drop{"region"}})) == "2: 1001 ts_day day");
}

BOOST_AUTO_TEST_CASE(an_unknown_transform_is_kept_renamed_and_dropped) {
  table_metadata m = partitioned("region, bucket(4, id)");
  m.partition_specs[0].fields[1].transform = transform::parse("zorder[3]");
  BOOST_TEST(shown(with(m, {drop{"region"}})) == "1: 1001 id_bucket zorder[3]");
  BOOST_TEST(shown(with(m, {rename{"id_bucket", "z"}})) == "1: 1000 region, 1001 z zorder[3]");
  BOOST_TEST(shown(with(m, {drop{"id_bucket"}})) == "1: 1000 region");
}

BOOST_AUTO_TEST_CASE(a_field_whose_column_has_left_is_kept_and_dropped) {
  table_metadata m = partitioned("region, id");
  m.schemas = {std::make_shared<const schema>(
      0, std::vector<field>(m.schemas[0]->fields().begin() + 1, m.schemas[0]->fields().end()))};
  BOOST_TEST(shown(with(m, {drop{"region"}})) == "1: 1001 id");
  BOOST_TEST(shown(with(m, {drop{"id"}})) == "1: 1000 region");
}

BOOST_AUTO_TEST_CASE(field_ids_end) {
  table_metadata m = partitioned("region");
  m.last_partition_id = std::numeric_limits<std::int32_t>::max();
  CHECK_FAILS(evolve_spec(m, {add{"id"}}), status::INVALID_ARGUMENT, "used up");
}

BOOST_AUTO_TEST_SUITE_END()
