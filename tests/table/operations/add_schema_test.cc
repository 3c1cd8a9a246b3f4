#include "table/operations/add_schema.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "codec/name_mapping_json.h"
#include "codec/schema_json.h"
#include "failure.h"
#include "model/name_mapping.h"
#include "table/operations/evolve_partition_spec.h"
#include "table/operations/set_current_schema.h"
#include "table/operations/set_sort_order.h"
#include "table/operations/upgrade.h"
#include "table/sample_table.h"

using namespace evodb;
using table_tests::sample_table;

BOOST_AUTO_TEST_SUITE(add_schema_test)

namespace {

field column(std::int32_t id, const std::string &name, const std::string &type_text, bool is_required = false) {
  field f;
  f.id = id;
  f.name = name;
  f.type = type::parse(type_text);
  f.required = is_required;
  return f;
}

field structure(std::int32_t id, const std::string &name, std::vector<field> children) {
  field f;
  f.id = id;
  f.name = name;
  f.type = type::structure(std::move(children));
  return f;
}

/// id long (1, required), region string (2, identity partition), amount double (3), s.x int (4, 5); last-column-id 6.
struct table_of_schemas : sample_table {
  table_of_schemas() : base(commit(create())) {
    schema_change::add s, gone;
    s.name = "s";
    s.type = type::parse("struct<x: int>");
    gone.name = "gone";
    gone.type = type_kind::int32;
    base = commit(evolve_schema(base, {s, gone}));
    base = commit(evolve_schema(base, {schema_change::drop{"gone"}}));
  }
  std::vector<field> now() const { return base.metadata()->current_schema()->fields(); }
  static std::vector<field> with(std::vector<field> fields, field added) {
    fields.push_back(std::move(added));
    return fields;
  }
  table add(std::vector<field> fields, field_ids ids = field_ids::given) const {
    return add_schema(base, schema(0, std::move(fields)), ids).first;
  }

  table base;
};

std::string ids_of(const schema &of) {
  std::string text;
  of.for_each([&](const field &f, const std::string &name) { text += name + " " + std::to_string(f.id) + ", "; });
  return text;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_schema_is_added_and_chosen, table_of_schemas) {
  auto [added, id] = add_schema(base, schema(99, with(now(), column(8, "note", "string"))), field_ids::given);
  BOOST_TEST(id == 3);
  const table committed = commit(added);
  BOOST_TEST(committed.metadata()->current_schema_id == base.metadata()->current_schema_id);
  BOOST_TEST(committed.metadata()->last_column_id == 8);
  const table chosen = commit(set_current_schema(committed, id));
  BOOST_TEST(open().metadata()->current_schema()->find("note")->id == 8);
  // Back, and on with the next field id.
  base = commit(set_current_schema(chosen, base.metadata()->current_schema_id));
  schema_change::add more;
  more.name = "more";
  more.type = type_kind::int32;
  BOOST_TEST(evolve_schema(base, {more}).metadata()->current_schema()->find("more")->id == 9);
}

BOOST_FIXTURE_TEST_CASE(an_equal_schema_is_not_added_again, table_of_schemas) {
  const auto [same, id] = add_schema(base, *base.metadata()->find_schema(0), field_ids::given);
  BOOST_TEST(id == 0);
  BOOST_TEST(same.metadata()->schemas.size() == 3u);
  BOOST_TEST(add_schema(base, schema(0, now()), field_ids::by_name).second == base.metadata()->current_schema_id);
}

BOOST_FIXTURE_TEST_CASE(by_name_columns_have_the_ids_of_the_table, table_of_schemas) {
  std::int32_t next_id = 1;
  const std::vector<field> unnumbered = assign_fresh_ids(
      {structure(0, "s", {column(0, "y", "long"), column(0, "x", "long")}), column(0, "gone", "int"),
       column(0, "id", "long", true), column(0, "tags", "map<string, struct<v: int>>"), column(0, "region", "string")},
      next_id);
  const auto [added, id] = add_schema(base, schema(0, unnumbered, {unnumbered[2].id}), field_ids::by_name);
  const schema &made = *added.metadata()->find_schema(id);
  BOOST_TEST(ids_of(made) ==
             "s 4, s.y 9, s.x 5, gone 7, id 1, tags 8, tags.key 10, tags.value 11, tags.value.v 12, region 2, ");
  BOOST_TEST(made.identifier_field_ids() == std::vector<std::int32_t>{1}, boost::test_tools::per_element());
  BOOST_TEST(added.metadata()->last_column_id == 12);
  CHECK_FAILS(add(assign_fresh_ids({column(0, "id", "struct<x: int>")}, next_id), field_ids::by_name),
              status::INCOMPATIBLE_SCHEMA, "its field id 1 is that of id in schema 0, and long cannot become struct");
}

BOOST_FIXTURE_TEST_CASE(ids_stay_what_they_were, table_of_schemas) {
  constexpr status refused = status::INCOMPATIBLE_SCHEMA;
  CHECK_FAILS(add(with(now(), column(6, "again", "int"))), refused,
              "column again: its field id 6 is that of a column that never had this name: rename the column, or give a "
              "new one an id above 6");
  add(with(now(), column(6, "gone", "int")));
  add(with(now(), column(6, "gone", "long")));
  CHECK_FAILS(add(with(now(), column(6, "gone", "string"))), refused,
              "its field id 6 is that of gone in schema 1, and int cannot become string");
  CHECK_FAILS(add({column(1, "id", "int")}), refused, "long cannot become int");
  CHECK_FAILS(add({column(5, "x", "int")}), refused,
              "its field id 5 is that of s.x in schema 1, which is in another place");
  CHECK_FAILS(add({structure(4, "s", {column(1, "id", "long")})}), refused, "which is in another place");
  CHECK_FAILS(add({column(4, "s", "int")}), refused, "cannot become int");
  CHECK_FAILS(add({column(0, "zero", "int")}), status::INVALID_ARGUMENT, "field id 0 is out of range");
  CHECK_FAILS(add({column(schema::highest_field_id + 1, "high", "int")}), status::INVALID_ARGUMENT, "out of range");
  CHECK_FAILS(add(with(now(), column(7, "at", "timestamp_ns"))), refused,
              "of format version 3, the table has version 2");
  CHECK_FAILS(add(with(now(), column(7, "s.x", "int"))), refused, "column s.x: two columns have this full name");
  // An id that no schema has any more.
  table_metadata shorter = *base.metadata();
  shorter.schemas.erase(shorter.schemas.begin() + 1);
  table_version version = base.base();
  version.metadata = std::make_shared<const table_metadata>(std::move(shorter));
  base = table(base.context(), version);
  CHECK_FAILS(add(with(now(), column(6, "gone", "int"))), refused,
              "its field id 6 was given out before: a new column has one above 6");
}

BOOST_FIXTURE_TEST_CASE(field_ids_are_used_up, table_of_schemas) {
  base = commit(add(with(now(), column(schema::highest_field_id, "last", "int"))));
  CHECK_FAILS(add(with(now(), column(9, "more", "int")), field_ids::by_name), status::INCOMPATIBLE_SCHEMA,
              "column more: the table's field ids are used up");
}

BOOST_FIXTURE_TEST_CASE(names_that_are_taken, table_of_schemas) {
  base = commit(evolve_partition_spec(base, {partition_change::add{"bucket(4, id) AS shard"}}));
  CHECK_FAILS(add(with(now(), column(7, "shard", "int"))), status::INCOMPATIBLE_SCHEMA,
              "the name belongs to a partition field of spec 1");
  const table later = add(with(now(), column(7, "fine", "int")));
  const table taken = evolve_partition_spec(later, {partition_change::rename{"shard", "fine"}});
  CHECK_FAILS(set_current_schema(taken, 3), status::INCOMPATIBLE_SCHEMA,
              "schema 3 cannot become the current one: column fine: the name belongs to a partition field of spec 2");
}

BOOST_FIXTURE_TEST_CASE(what_cannot_become_the_current_schema, table_of_schemas) {
  constexpr status refused = status::INCOMPATIBLE_SCHEMA;
  const auto choose = [&](const table &of) {
    return set_current_schema(of, of.metadata()->schemas.back()->schema_id());
  };
  CHECK_FAILS(set_current_schema(base, 9), status::NOT_FOUND, "the table has no schema 9");
  CHECK_FAILS(choose(add(with(now(), column(7, "must", "int", true)))), refused,
              "schema 3 cannot become the current one: column must: required, but rows written before have no value");
  std::vector<field> fields = now();
  fields[2].required = true;
  CHECK_FAILS(choose(add(fields)), refused, "column amount: rows written before may hold null");
  fields = now();
  fields.erase(fields.begin() + 1);
  CHECK_FAILS(choose(add(fields)), refused, "column region: the partition field region is made from it");
  sort_field by_amount;
  by_amount.source_ids = {3};
  fields = now();
  fields.erase(fields.begin() + 2);
  CHECK_FAILS(choose(set_sort_order(add(fields), sort_order{0, {by_amount}})), refused,
              "column amount: the table's sort order is made from it");
  BOOST_TEST(choose(add(fields)).metadata()->current_schema()->find("amount") == nullptr);
  schema_change::widen wider{"s.x", type_kind::int64};
  const table widened = evolve_schema(base, {wider});
  CHECK_FAILS(set_current_schema(widened, base.metadata()->current_schema_id), refused, "old values may not fit");
}

BOOST_FIXTURE_TEST_CASE(a_date_that_a_partition_field_is_made_from_stays_one, table_of_schemas) {
  base = commit(upgrade(base, 3));
  schema_change::add day;
  day.name = "day";
  day.type = type_kind::date;
  base = commit(evolve_schema(base, {day}));
  std::vector<field> fields = now();
  fields.back().type = type_kind::timestamp;
  const table added = add(fields);
  const std::int32_t id = added.metadata()->schemas.back()->schema_id();
  BOOST_TEST(set_current_schema(added, id).metadata()->current_schema_id == id);
  const table by_day = evolve_partition_spec(added, {partition_change::add{"day(day) AS d"}});
  BOOST_TEST(set_current_schema(by_day, id).metadata()->current_schema_id == id);
  const table by_bucket = evolve_partition_spec(added, {partition_change::add{"bucket(4, day)"}});
  CHECK_FAILS(set_current_schema(by_bucket, id), status::INCOMPATIBLE_SCHEMA,
              "column day: the partition field day_bucket_4 is made from it and would change");
}

BOOST_FIXTURE_TEST_CASE(the_name_mapping_follows, table_of_schemas) {
  const std::string mapping = write_name_mapping_text(create_name_mapping(*base.metadata()->current_schema()));
  base = commit(set_properties(base, {{name_mapping_property, mapping}}, {}));
  const table chosen = set_current_schema(add(with(now(), column(7, "note", "string"))), 3);
  BOOST_TEST(chosen.metadata()->property(name_mapping_property)->find("note") != std::string::npos);
  CHECK_FAILS(add(with(now(), column(7, "Amount", "int"))), status::INCOMPATIBLE_SCHEMA, "which differs by case alone");
}

BOOST_FIXTURE_TEST_CASE(neither_is_done_again_over_another_change, table_of_schemas) {
  const table mine = add(with(now(), column(7, "mine", "int")));
  const table chosen = set_current_schema(base, 0);
  schema_change::add theirs;
  theirs.name = "theirs";
  theirs.type = type_kind::int32;
  const table first =
      commit(add_schema(base, schema(0, with(now(), column(6, "gone", "long"))), field_ids::given).first);
  BOOST_TEST(first.metadata()->last_column_id == 6);
  CHECK_FAILS(
      commit(mine), status::CONFLICT,
      "the addition of a schema was made on schemas up to 2, and another change has led to schemas up to 3 since");
  CHECK_FAILS(commit(chosen), status::CONFLICT, "the choice of a schema was made on schemas up to 2");
  CHECK_FAILS(commit(evolve_schema(base, {theirs})), status::CONFLICT, "schema change was made on schemas up to 2");
}

BOOST_AUTO_TEST_SUITE_END()
