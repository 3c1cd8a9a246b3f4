#include "model/schema.h"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(schema_test)

namespace {

field make(std::int32_t id, const char *name, const char *type_text, bool required = false) {
  field f;
  f.id = id;
  f.name = name;
  f.required = required;
  f.type = type::parse(type_text);
  return f;
}

std::vector<field> with_ids(std::vector<field> fields) {
  std::int32_t next_id = 1;
  return assign_fresh_ids(std::move(fields), next_id);
}

/// a (1), loc (2) { lat (5), long (6) }, tags (3) [ element (7) ], m (4) { key (8), value (9) { x (10) } }
schema example() {
  return schema(0, with_ids({make(0, "a", "int", true), make(0, "loc", "struct<lat: float, long: float>", true),
                             make(0, "tags", "list<string>"), make(0, "m", "map<string, struct<x: int>>")}));
}

}  // namespace

BOOST_AUTO_TEST_CASE(fresh_ids_go_to_siblings_first) {
  std::int32_t next_id = 1;
  const schema s(0, assign_fresh_ids({make(0, "a", "struct<b: struct<c: int>, d: int>"),
                                      make(0, "e", "map<struct<f: int>, list<int>>"),
                                      make(0, "g", "list<struct<h: int, i: list<int>>>"), make(0, "j", "int")},
                                     next_id));
  const std::pair<const char *, std::int32_t> expected[] = {{"a", 1},
                                                            {"e", 2},
                                                            {"g", 3},
                                                            {"j", 4},
                                                            {"a.b", 5},
                                                            {"a.d", 6},
                                                            {"a.b.c", 7},
                                                            {"e.key", 8},
                                                            {"e.value", 9},
                                                            {"e.key.f", 10},
                                                            {"e.value.element", 11},
                                                            {"g.element", 12},
                                                            {"g.element.h", 13},
                                                            {"g.element.i", 14},
                                                            {"g.element.i.element", 15}};
  for (const auto &[name, id] : expected) {
    BOOST_REQUIRE(s.find(name));
    BOOST_TEST(s.find(name)->id == id, name);
    BOOST_TEST(s.full_name(id) == name);
  }
  BOOST_TEST(next_id == 16);
  BOOST_TEST(s.highest_id() == 15);
}

BOOST_AUTO_TEST_CASE(ids_are_kept_or_assigned) {
  const auto kept = keep_or_assign_ids({make(7, "a", "int"), make(3, "b", "int")});
  BOOST_TEST(kept[0].id == 7);
  const auto assigned = keep_or_assign_ids({make(0, "a", "list<int>"), make(0, "b", "int")});
  BOOST_TEST(assigned[1].id == 2);
  BOOST_TEST(assigned[0].type.element().id == 3);
  CHECK_FAILS(keep_or_assign_ids({make(1, "a", "int"), make(0, "b", "int")}), status::INVALID_ARGUMENT, "'b'");
  CHECK_FAILS(keep_or_assign_ids({make(1, "a", "list<int>")}), status::INVALID_ARGUMENT, "'element'");
  CHECK_FAILS(keep_or_assign_ids({make(1, "a", "int"), make(1, "b", "int")}), status::INVALID_ARGUMENT, "'b'");
  CHECK_FAILS(keep_or_assign_ids({make(-1, "a", "int")}), status::INVALID_ARGUMENT, "'a'");
}

BOOST_AUTO_TEST_CASE(lookups) {
  const schema s = example();
  BOOST_TEST(s.find("loc.lat")->id == 5);
  BOOST_TEST(s.find(6)->name == "long");
  BOOST_TEST(s.find("m.value.x")->id == 10);
  BOOST_TEST(s.find("tags.element")->id == 7);
  BOOST_TEST(!s.find("nothing"));
  BOOST_TEST(!s.find(99));
  BOOST_TEST(s.full_name(99).empty());
  BOOST_TEST(s.parent_of(5) == 2);
  BOOST_TEST(s.parent_of(2) == schema::no_parent);
  BOOST_TEST(s.parent_of(10) == 9);
  BOOST_TEST(s.is_single_valued(5));
  BOOST_TEST(!s.is_single_valued(7));
  BOOST_TEST(!s.is_single_valued(10));
  BOOST_TEST(!s.is_single_valued(99));
  std::string order;
  s.for_each([&](const field &, const std::string &full_name) { order += full_name + ' '; });
  BOOST_TEST(order == "a loc loc.lat loc.long tags tags.element m m.key m.value m.value.x ");
}

BOOST_AUTO_TEST_CASE(names_with_dots) {
  const schema s(0, with_ids({make(0, "a", "struct<b: int>"), make(0, "a.b", "string")}));
  BOOST_TEST(s.find("a.b")->type.to_text() == "int");  // the first, depth first
  BOOST_TEST(s.find_path({"a.b"})->type.to_text() == "string");
  BOOST_TEST(s.find_path({"a", "b"})->type.to_text() == "int");
  BOOST_TEST(!s.find_path({"a", "b", "c"}));
  BOOST_TEST(!s.find_path({"a", "c"}));
  BOOST_TEST(!s.find_path({}));
}

BOOST_AUTO_TEST_CASE(copies_and_moves_stay_usable) {
  std::optional<schema> first = example();
  const schema copy = *first;
  first.reset();
  BOOST_TEST(copy.find("loc.lat")->type.to_text() == "float");
  schema moved = example();
  schema target(1, {make(1, "z", "int")});
  target = std::move(moved);
  BOOST_TEST(target.find("loc.lat")->id == 5);
  BOOST_TEST(target.find("a") == &target.fields()[0]);
  BOOST_TEST(!target.find("z"));
}

BOOST_AUTO_TEST_CASE(comparison) {
  const schema s = example();
  BOOST_TEST(s.same_fields(s.with_id(7)));
  BOOST_TEST(s.with_id(7).schema_id() == 7);
  BOOST_TEST(!s.same_fields(schema(0, s.fields(), {1})));
  BOOST_TEST(!s.same_fields(schema(0, {make(1, "a", "int")})));
}

BOOST_AUTO_TEST_CASE(defaults_that_are_no_number_are_the_same) {
  const auto with_default = [](const value &v) {
    field f = make(1, "a", "double");
    f.initial_default = f.write_default = v;
    return schema(0, {f});
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(with_default(nan).same_fields(with_default(nan)));
  BOOST_TEST(!with_default(nan).same_fields(with_default(1.0)));
  BOOST_TEST(!with_default(1.0).same_fields(with_default(2.0)));
}

BOOST_AUTO_TEST_CASE(fields_that_are_refused) {
  const auto refused = [](std::vector<field> fields, const char *part) {
    CHECK_FAILS(schema(0, std::move(fields)), status::INVALID_ARGUMENT, part);
  };
  refused({make(1, "a", "int"), make(1, "b", "int")}, "used twice: 'b'");
  refused({make(1, "a", "int"), make(2, "a", "int")}, "one name: 'a'");
  refused({make(-1, "a", "int")}, "negative: 'a'");
  refused({make(1, "", "int")}, "empty name");
  refused({make(1, "\xff", "int")}, "not UTF-8");
  refused({make(1, "a", "unknown", true)}, "cannot be required");
  refused(with_ids({make(0, "s", "struct<a: int, a: int>")}), "'s.a'");
  field with_default = make(1, "a", "int");
  with_default.initial_default = std::int64_t{1};
  refused({with_default}, "not a value of type int");
  with_default.type = type_kind::variant;
  refused({with_default}, "not a value of type variant");
}

BOOST_AUTO_TEST_CASE(ids_that_only_other_writers_give) {
  const schema from_zero(0, {make(0, "a", "int"), make(2147483448, "b", "int")});
  BOOST_TEST(from_zero.find(0)->name == "a");
  BOOST_TEST(from_zero.full_name(0) == "a");
  BOOST_TEST(from_zero.parent_of(0) == schema::no_parent);
  BOOST_TEST(from_zero.is_single_valued(0));
  CHECK_FAILS(check_field_ids(from_zero), status::INVALID_ARGUMENT, "field id 0 is out of range: 'a'");
  CHECK_FAILS(check_field_ids(schema(0, {make(2147483448, "b", "int")})), status::INVALID_ARGUMENT, "out of range");
  check_field_ids(schema(0, {make(schema::highest_field_id, "a", "int")}));

  field top = make(0, "s", "struct<a: int>");
  std::vector<field> children = top.type.fields();
  children[0].id = 1;
  top.type = type::structure(children);
  BOOST_TEST(schema(0, {top}).parent_of(1) == 0);
}

BOOST_AUTO_TEST_CASE(identifier_fields) {
  const schema s = example();
  const auto refused = [&](std::int32_t id, const char *part) {
    CHECK_FAILS(schema(0, s.fields(), {id}), status::INVALID_ARGUMENT, part);
  };
  BOOST_TEST(schema(0, s.fields(), {1}).identifier_field_ids().size() == 1u);
  refused(99, "99");
  refused(2, "cannot be of type");
  refused(5, "cannot be of type float");
  refused(7, "inside a list or map");
  const schema optional(0, with_ids({make(0, "a", "int"), make(0, "s", "struct<x: required int>")}));
  CHECK_FAILS(schema(0, optional.fields(), {1}), status::INVALID_ARGUMENT, "not required: 'a'");
  CHECK_FAILS(schema(0, optional.fields(), {3}), status::INVALID_ARGUMENT, "not required: 's'");
}

BOOST_AUTO_TEST_CASE(format_versions) {
  BOOST_TEST(example().minimum_format_version() == 1);
  BOOST_TEST(schema(0, with_ids({make(0, "a", "list<timestamp_ns>")})).minimum_format_version() == 3);
  field with_default = make(1, "a", "int");
  with_default.write_default = null_value{};
  BOOST_TEST(schema(0, {with_default}).minimum_format_version() == 1);
  with_default.write_default = std::int32_t{1};
  BOOST_TEST(schema(0, {with_default}).minimum_format_version() == 3);
}

BOOST_AUTO_TEST_SUITE_END()
