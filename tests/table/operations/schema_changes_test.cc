#include "table/operations/schema_changes.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <optional>

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

// Every refusal, by the order of the source.
BOOST_AUTO_TEST_CASE(what_is_refused_names_the_column_and_the_reason) {
  table_metadata m = with_columns({column("id", "long"), column("ts", "timestamp"), column("day", "date"),
                                   column("s", "struct<x: int, y: int>"), column("l", "list<struct<a: int>>"),
                                   column("m", "map<string, int>"), column("solo", "struct<only: int>")});
  std::vector<field> fields = m.schemas[0]->fields();
  fields[0].required = true;
  m.schemas = {std::make_shared<const schema>(0, fields, std::vector<std::int32_t>{1})};
  partition_spec other = parse_partition_spec("month(ts) AS old_month, bucket(4, day)", *m.current_schema());
  partition_spec current = parse_partition_spec("day(ts), s.x", *m.current_schema(), 1);
  for (partition_field &f : current.fields) f.field_id += 2;
  m.partition_specs = {other, current};
  m.default_spec_id = 1;
  m.last_partition_id = 1003;
  sort_field by_y;
  by_y.source_ids = {m.current_schema()->find("s.y")->id};
  m.sort_orders.push_back(sort_order{1, {by_y}});
  m.default_sort_order_id = 1;
  const auto added = [](const std::string &name, const std::string &type_text, bool required,
                        std::optional<std::string> json) {
    schema_change::add step = add(name, type_text);
    step.required = required;
    step.default_json = std::move(json);
    return step;
  };
  const auto identified = [](std::vector<std::string> names) {
    return schema_change::set_identifier_fields{std::move(names)};
  };
  constexpr status refused = status::INCOMPATIBLE_SCHEMA;
  struct refusal {
    schema_changes changes;
    status code;
    const char *subject;
    const char *said;
  };
  const refusal in_version_2[] = {
      {{schema_change::drop{"none"}}, status::NOT_FOUND, "none", "no such column: none"},
      {{schema_change::widen{"none", type_kind::int64}}, status::NOT_FOUND, "none", "no such column"},
      {{schema_change::make_optional{"none"}}, status::NOT_FOUND, "none", "no such column"},
      {{schema_change::make_required{"none"}}, status::NOT_FOUND, "none", "no such column"},
      {{schema_change::set_doc{"none", "x"}}, status::NOT_FOUND, "none", "no such column"},
      {{schema_change::rename{"none", "x"}}, status::NOT_FOUND, "none", "no such column"},
      {{schema_change::move{"none", place::first, ""}}, status::NOT_FOUND, "none", "no such column"},
      {{schema_change::move{"id", place::after, "none"}}, status::NOT_FOUND, "none", "no such column"},
      {{schema_change::set_write_default{"none", "1"}}, status::NOT_FOUND, "none", "no such column"},
      {{identified({"none"})}, status::NOT_FOUND, "none", "no such column"},
      {{add("none.x", "int")}, status::NOT_FOUND, "none", "no such column: none"},
      {{add("id", "int")}, status::ALREADY_EXISTS, "id", "there is already a column id"},
      {{schema_change::rename{"s.x", "y"}}, status::ALREADY_EXISTS, "s.y", "there is already a column s.y"},
      {{add("ts_day", "int")}, refused, "ts_day", "the name belongs to a partition field of spec 1"},
      {{schema_change::rename{"id", "old_month"}}, refused, "old_month", "a partition field of spec 0"},
      {{add("id.x", "int")}, refused, "id.x", "its parent is not a struct"},
      {{add("l.x", "int")}, refused, "l.x", "its parent is not a struct"},
      {{add("n", "timestamp_ns")}, refused, "n", "type timestamp_ns needs format version 3, the table has 2"},
      {{add("n", "list<variant>")}, refused, "n", "needs format version 3"},
      {{added("n", "int", false, "1")}, refused, "n", "default values need format version 3"},
      {{schema_change::set_write_default{"id", "1"}}, refused, "id", "default values need format version 3"},
      {{added("n", "int", true, std::nullopt)}, refused, "n", "a required column without a default breaks the rows"},
      {{add("", "int")}, status::INVALID_ARGUMENT, "", "field has an empty name"},
      {{add("\xff", "int")}, status::INVALID_ARGUMENT, "", "not UTF-8"},
      {{schema_change::drop{"l.element"}}, refused, "l.element", "a map's key and value cannot be dropped"},
      {{schema_change::drop{"m.key"}}, refused, "m.key", "a map's key and value cannot be dropped"},
      {{schema_change::rename{"m.value", "v"}}, refused, "m.value", "a map's key and value cannot be renamed"},
      {{schema_change::move{"m.value", place::first, ""}}, refused, "m.value", "key and value cannot be moved"},
      {{schema_change::drop{"id"}}, refused, "id", "it is an identifier field"},
      {{schema_change::drop{"ts"}}, refused, "ts", "the partition field ts_day is made from it"},
      {{schema_change::drop{"s.y"}}, refused, "s.y", "the table's sort order uses it"},
      {{schema_change::drop{"solo.only"}}, refused, "solo.only", "an empty struct cannot be stored"},
      {{schema_change::widen{"id", type_kind::int32}}, refused, "id", "long cannot become int"},
      {{schema_change::widen{"day", type_kind::timestamp}}, refused, "day", "date cannot become timestamp"},
      {{schema_change::widen{"s", type_kind::int32}}, refused, "s", "cannot become int"},
      {{schema_change::make_optional{"id"}}, refused, "id", "identifier fields must be required"},
      {{schema_change::make_optional{"m.key"}}, refused, "m.key", "a map's key must be required"},
      {{schema_change::make_required{"ts"}}, refused, "ts", "making it required breaks rows that hold null"},
      {{schema_change::move{"id", place::before, "s.x"}}, refused, "id", "only among its siblings, and s.x is none"},
      {{schema_change::move{"id", place::before, "id"}}, refused, "id", "only among its siblings, and id is none"},
      {{add("s", "int")}, status::ALREADY_EXISTS, "s", "there is already"},
      {{schema_change::rename{"id", "solo.z"}, add("solo.z", "int")}, status::ALREADY_EXISTS, "solo.z", "already"},
      {{schema_change::rename{"day", "t.x"}, schema_change::rename{"s", "t"}},
       refused,
       "t.x",
       "two columns have this full name: rename one"},
      {{identified({"ts"})}, refused, "ts", "an identifier field and the structs around it must be required"},
      {{identified({"s"})}, refused, "s", "an identifier field cannot be of type struct<x: int, y: int>"},
      {{identified({"l.element.a"})}, refused, "l.element.a", "cannot be inside a list or map"},
      {{identified({"m.key"})}, refused, "m.key", "cannot be inside a list or map"},
  };
  for (const refusal &one : in_version_2) {
    BOOST_TEST_CONTEXT(one.said) {
      CHECK_FAILS(evolve(m, one.changes), one.code, one.said);
      BOOST_CHECK_EXCEPTION(evolve(m, one.changes), error,
                            [&](const error &e) { return e.subject().find(one.subject) != std::string::npos; });
    }
  }
  m.format_version = 3;
  const refusal in_version_3[] = {
      {{schema_change::widen{"day", type_kind::timestamp}},
       refused,
       "day",
       "partition field day_bucket is made from it"},
      {{schema_change::widen{"day", type_kind::timestamptz}}, refused, "day", "date cannot become timestamptz"},
      {{added("n", "int", false, "1.5")}, status::INVALID_ARGUMENT, "n", ""},
      {{added("n", "int", true, "null")}, refused, "n", "a required column without a default"},
      {{added("n", "variant", false, "1")}, status::INVALID_ARGUMENT, "n", "can only be null"},
      {{added("n", "geometry", false, "\"\"")}, status::INVALID_ARGUMENT, "n", "can only be null"},
      {{added("n", "struct<a: int>", false, "{\"1\":2}")}, status::INVALID_ARGUMENT, "n", "can only be null or {}"},
      {{added("n", "list<int>", false, "nonsense")}, status::INVALID_ARGUMENT, "n", ""},
      {{schema_change::set_write_default{"id", "\"one\""}}, status::INVALID_ARGUMENT, "id", ""},
      {{add("f", "double"), schema_change::allow_breaking{"f"}, schema_change::make_required{"f"}, identified({"f"})},
       refused,
       "f",
       "an identifier field cannot be of type double"},
  };
  for (const refusal &one : in_version_3) {
    BOOST_TEST_CONTEXT(one.said) {
      CHECK_FAILS(evolve(m, one.changes), one.code, one.said);
      BOOST_CHECK_EXCEPTION(evolve(m, one.changes), error,
                            [&](const error &e) { return e.subject().find(one.subject) != std::string::npos; });
    }
  }
  m.last_column_id = schema::highest_field_id;
  CHECK_FAILS(evolve(m, {add("n", "int")}), refused, "the table's field ids are used up: its last-column-id is");
}

BOOST_AUTO_TEST_CASE(a_breaking_change_that_is_allowed_by_name) {
  const table_metadata m = with_columns({column("a", "int")});
  schema_change::add required = add("b", "int");
  required.required = true;
  const evolved_schema evolved = evolve(m, {required, schema_change::make_required{"a"},
                                            schema_change::allow_breaking{"a"}, schema_change::allow_breaking{"b"}});
  BOOST_TEST(evolved.changed.find("a")->required);
  BOOST_TEST(evolved.changed.find("b")->required);
}

BOOST_AUTO_TEST_CASE(defaults) {
  table_metadata m = with_columns({column("a", "int")});
  m.format_version = 3;
  schema_change::add with_default = add("b", "int");
  with_default.required = true;
  with_default.default_json = "7";
  evolved_schema evolved =
      evolve(m, {with_default, schema_change::set_write_default{"b", "8"}, schema_change::set_write_default{"a", "9"}});
  const auto holds = [&](const std::optional<value> &held, std::int32_t expected) {
    return held && std::get<std::int32_t>(*held) == expected;
  };
  BOOST_TEST(holds(evolved.changed.find("b")->initial_default, 7));
  BOOST_TEST(holds(evolved.changed.find("b")->write_default, 8));
  BOOST_TEST(!evolved.changed.find("a")->initial_default.has_value());
  BOOST_TEST(holds(evolved.changed.find("a")->write_default, 9));
  m.schemas.push_back(std::make_shared<const schema>(evolved.changed.with_id(1)));
  m.current_schema_id = 1;
  m.last_column_id = evolved.last_column_id;
  // A promotion takes the defaults along; what rows written before hold stays.
  evolved =
      evolve(m, {schema_change::set_write_default{"a", std::nullopt}, schema_change::widen{"b", type_kind::int64}});
  BOOST_TEST(!evolved.changed.find("a")->write_default.has_value());
  BOOST_TEST(std::get<std::int64_t>(*evolved.changed.find("b")->initial_default) == 7);
  BOOST_TEST(std::get<std::int64_t>(*evolved.changed.find("b")->write_default) == 8);
}

BOOST_AUTO_TEST_CASE(identifier_fields) {
  std::vector<field> fields{column("a", "long"), column("b", "string"), column("s", "struct<x: required int>")};
  for (field &f : fields) f.required = true;
  const table_metadata m = with_columns(fields);
  using ids = std::vector<std::int32_t>;
  const auto evolved_ids = [&](const schema_changes &changes) {
    return evolve(m, changes).changed.identifier_field_ids();
  };
  const schema_change::set_identifier_fields b_and_x{{"b", "s.x", "b"}}, none{{}};
  BOOST_TEST(evolved_ids({b_and_x}) == (ids{2, 4}), boost::test_tools::per_element());
  BOOST_TEST(evolved_ids({b_and_x, schema_change::rename{"b", "c"}}) == (ids{2, 4}), boost::test_tools::per_element());
  BOOST_TEST(evolved_ids({b_and_x, none, schema_change::drop{"b"}}).empty());
  CHECK_FAILS(evolve(m, {b_and_x, schema_change::drop{"b"}}), status::INCOMPATIBLE_SCHEMA, "identifier field");
  CHECK_FAILS(evolve(m, {b_and_x, schema_change::drop{"s"}}), status::INCOMPATIBLE_SCHEMA, "identifier field");
  CHECK_FAILS(evolve(m, {b_and_x, schema_change::make_optional{"s"}}), status::INCOMPATIBLE_SCHEMA, "must be required");
  schema_change::add added = add("n", "int");
  added.required = true;
  BOOST_TEST(
      evolved_ids({added, schema_change::allow_breaking{"n"}, schema_change::set_identifier_fields{{"n"}}}) == (ids{5}),
      boost::test_tools::per_element());
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
