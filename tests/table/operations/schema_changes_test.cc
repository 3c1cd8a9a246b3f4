#include "table/operations/schema_changes.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "codec/name_mapping_json.h"
#include "failure.h"
#include "model/example_metadata.h"
#include "model/name_mapping.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(schema_changes_test)

using place = schema_change::move::place;

namespace {

table_metadata with_columns(std::vector<field> fields) {
  table_metadata m = example::empty_table();
  m.schemas = {std::make_shared<const schema>(0, keep_or_assign_ids(std::move(fields)))};
  m.last_column_id = m.schemas[0]->highest_id();
  return m;
}

field column(const std::string &name, const std::string &type_text) {
  field f;
  f.name = name;
  f.type = type::parse(type_text);
  return f;
}

schema_change::add add(const std::string &name, const std::string &type_text) {
  schema_change::add step;
  step.name = name;
  step.type = type::parse(type_text);
  return step;
}

std::string names_of(const schema &s) {
  std::string names;
  s.for_each([&](const field &, const std::string &name) { names += (names.empty() ? "" : " ") + name; });
  return names;
}

}  // namespace

BOOST_AUTO_TEST_CASE(steps_see_what_the_steps_before_have_made) {
  const table_metadata m = with_columns({column("a", "int"), column("s", "struct<x: int, y: list<int>>")});
  const evolved_schema evolved = evolve(
      m, {schema_change::rename{"s", "t"}, add("t.z", "struct<deep: string>"), add("t.z.more", "int"),
          schema_change::move{"t.z", place::first, ""}, schema_change::drop{"t.x"}, schema_change::rename{"a", "b"},
          schema_change::widen{"b", type_kind::int64}, schema_change::set_doc{"t.y", "many"},
          schema_change::widen{"t.y.element", type_kind::int64}, add("a", "string"),
          schema_change::move{"a", place::before, "b"}, schema_change::move{"t", place::after, "a"}});
  BOOST_TEST(names_of(evolved.changed) == "a t t.z t.z.deep t.z.more t.y t.y.element b");
  BOOST_TEST(evolved.changed.find("b")->id == 1);
  BOOST_TEST(evolved.changed.find("b")->type.is(type_kind::int64));
  BOOST_TEST(evolved.changed.find("t.y")->doc.value() == "many");
  BOOST_TEST(evolved.changed.find("t.y.element")->type.is(type_kind::int64));
  BOOST_TEST(evolved.changed.find("a")->id == evolved.last_column_id);
  BOOST_TEST(evolved.changed.schema_id() == 1);
}

BOOST_AUTO_TEST_CASE(names_that_are_not_there_or_are_taken) {
  const table_metadata m = with_columns({column("a", "int"), column("s", "struct<x: int>")});
  CHECK_FAILS(evolve(m, {schema_change::drop{"x"}}), status::NOT_FOUND, "x");
  CHECK_FAILS(evolve(m, {schema_change::rename{"s", "t"}, schema_change::drop{"s.x"}}), status::NOT_FOUND, "s.x");
  CHECK_FAILS(evolve(m, {add("b", "int"), schema_change::rename{"a", "b"}}), status::ALREADY_EXISTS, "b");
  CHECK_FAILS(evolve(m, {schema_change::drop{"s.x"}}), status::INCOMPATIBLE_SCHEMA, "only one");
  CHECK_FAILS(evolve(m, {schema_change::move{"a", place::after, "s.x"}}), status::INCOMPATIBLE_SCHEMA, "siblings");
  CHECK_FAILS(evolve(m, {schema_change::rename{"a", ""}}), status::INVALID_ARGUMENT, "empty name");
}

BOOST_AUTO_TEST_CASE(dots_within_names) {
  const table_metadata m = with_columns({column("s.x", "int"), column("s", "struct<y: int>")});
  CHECK_FAILS(evolve(m, {add("s.x", "int")}), status::ALREADY_EXISTS, "s.x");
  const evolved_schema evolved = evolve(m, {schema_change::rename{"s.x", "x"}, add("s.x", "int")});
  BOOST_TEST(names_of(evolved.changed) == "x s s.y s.x");
  CHECK_FAILS(evolve(m, {schema_change::rename{"s.y", "x"}}), status::ALREADY_EXISTS, "s.x");
}

BOOST_AUTO_TEST_CASE(what_is_in_use_stays) {
  table_metadata m = with_columns({column("a", "int"), column("s", "struct<x: date, y: int>"), column("b", "int")});
  m.partition_specs = {parse_partition_spec("bucket(4, s.x)", *m.current_schema())};
  sort_field sorted;
  sorted.source_ids = {1};
  m.sort_orders = {sort_order{1, {sorted}}};
  m.default_sort_order_id = 1;
  m.format_version = 3;
  CHECK_FAILS(evolve(m, {schema_change::drop{"s"}}), status::INCOMPATIBLE_SCHEMA, "partition field s.x_bucket");
  CHECK_FAILS(evolve(m, {schema_change::drop{"s.x"}}), status::INCOMPATIBLE_SCHEMA, "partition field s.x_bucket");
  CHECK_FAILS(evolve(m, {schema_change::widen{"s.x", type_kind::timestamp}}), status::INCOMPATIBLE_SCHEMA, "change");
  CHECK_FAILS(evolve(m, {schema_change::drop{"a"}}), status::INCOMPATIBLE_SCHEMA, "sort order");
  BOOST_TEST(names_of(evolve(m, {schema_change::drop{"s.y"}, schema_change::drop{"b"}}).changed) == "a s s.x");
}

BOOST_AUTO_TEST_CASE(a_name_of_files_without_ids_is_not_given_to_another_column) {
  table_metadata m = with_columns({column("a", "int"), column("s", "struct<x: int, y: int>")});
  m.properties[name_mapping_property] = write_name_mapping_text(create_name_mapping(*m.current_schema()));
  CHECK_FAILS(evolve(m, {schema_change::drop{"a"}, add("A", "int")}), status::INCOMPATIBLE_SCHEMA,
              "files without field ids may hold a, which differs by case alone");
  CHECK_FAILS(evolve(m, {schema_change::rename{"a", "b"}, add("a", "int")}), status::INCOMPATIBLE_SCHEMA,
              "had one that was dropped or renamed: choose another");
  CHECK_FAILS(evolve(m, {schema_change::drop{"s.x"}, add("s.X", "int")}), status::INCOMPATIBLE_SCHEMA,
              "choose another");
  BOOST_TEST(names_of(evolve(m, {schema_change::drop{"s.x"}, add("x", "int")}).changed) == "a s s.y x");
  BOOST_TEST(names_of(evolve(m, {schema_change::rename{"a", "A"}}).changed) == "A s s.x s.y");
}

// Were each step to cost as much as the schema, these are forty million columns.
BOOST_AUTO_TEST_CASE(many_steps_on_many_columns) {
  constexpr int count = 4'000;
  table_metadata m = with_columns({column("first", "int")});
  m.properties[name_mapping_property] = write_name_mapping_text(create_name_mapping(*m.current_schema()));
  schema_changes steps;
  for (int i = 0; i < count; ++i) steps.push_back(add(fmt::format("c{}", i), "int"));
  for (int i = 0; i < count; ++i) steps.push_back(schema_change::rename{fmt::format("c{}", i), fmt::format("d{}", i)});
  for (int i = 0; i < count; ++i) steps.push_back(schema_change::move{fmt::format("d{}", i), place::first, ""});
  for (int i = 0; i < count; i += 2) steps.push_back(schema_change::drop{fmt::format("d{}", i)});
  const evolved_schema evolved = evolve(m, steps);
  BOOST_REQUIRE(evolved.changed.fields().size() == 1u + count / 2);
  BOOST_TEST(evolved.changed.fields().front().name == fmt::format("d{}", count - 1));
  BOOST_TEST(evolved.changed.fields().back().name == "first");
  BOOST_TEST(evolved.last_column_id == 1 + count);
}

BOOST_AUTO_TEST_SUITE_END()
