#include "parquet/column_match.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "failure.h"
#include "table_builder.h"

using namespace evodb;
using namespace evodb::testing;
using pt = physical_type;

BOOST_AUTO_TEST_SUITE(column_match)

namespace {

void refused(const inspection &i, std::string_view why) {
  BOOST_CHECK_EXCEPTION(i.run(), error, is_failure(status::INCOMPATIBLE_SCHEMA, why));
}

/// A file with these columns and no rows, for a table with these fields.
inspection of(std::vector<node> columns, std::vector<field> fields) {
  inspection i;
  i.file.columns = std::move(columns);
  i.fields = std::move(fields);
  return i;
}

}  // namespace

BOOST_AUTO_TEST_CASE(types_are_the_same_or_promoted) {
  const auto fits = [](pt physical, leaf_options options, type t) {
    try {
      one_column(physical, std::move(options), std::move(t), {}).run();
      return true;
    } catch (const error &e) {
      BOOST_CHECK(e.code() == status::INCOMPATIBLE_SCHEMA);
      return false;
    }
  };
  BOOST_TEST(fits(pt::int32, {}, type_kind::int32));
  BOOST_TEST(fits(pt::int32, {}, type_kind::int64));
  BOOST_TEST(!fits(pt::int64, {}, type_kind::int32));
  BOOST_TEST(fits(pt::float32, {}, type_kind::float64));
  BOOST_TEST(!fits(pt::float64, {}, type_kind::float32));
  BOOST_TEST(fits(pt::int32, {.logical = decimal_logical(5, 2)}, type::decimal(9, 2)));
  BOOST_TEST(!fits(pt::int32, {.logical = decimal_logical(5, 2)}, type::decimal(9, 3)));
  BOOST_TEST(!fits(pt::int64, {.logical = time_logical(8, time_unit::micros, true)}, type_kind::timestamp));
  BOOST_TEST(!fits(pt::int64, {.logical = time_logical(8, time_unit::nanos, false)}, type_kind::timestamp));
  BOOST_TEST(fits(pt::fixed_len_byte_array, {.logical = logical(uuid_logical), .length = 16}, type_kind::uuid));
  BOOST_TEST(!fits(pt::fixed_len_byte_array, {.length = 16}, type_kind::uuid));
  BOOST_TEST(!fits(pt::byte_array, {}, type_kind::string));
  BOOST_TEST(!fits(pt::int32, {}, type::structure({make_field(2, "x", type_kind::int32)})));
}

BOOST_AUTO_TEST_CASE(messages_name_column_file_and_types) {
  refused(one_column(pt::byte_array, {}, type_kind::int32, {}),
          "column c of f has type binary, but field c of the table has type int");
  refused(one_column(pt::fixed_len_byte_array, {.length = 16}, type_kind::uuid, {}), "write it as Parquet's UUID");
}

BOOST_AUTO_TEST_CASE(types_that_do_not_fit_have_a_way_out) {
  refused(one_column(pt::int32, {}, type_kind::string, {}), "type string: cast it to string where the file is written");
  refused(one_column(pt::int64, {}, type_kind::int32, {}),
          "cast it to int where the file is written, or widen the table's field first to long (evolve --promote)");
  refused(one_column(pt::int32, {.logical = decimal_logical(9, 2)}, type::decimal(5, 2), {}), "to decimal(9,2)");
  for (const bool utc : {false, true})
    refused(one_column(pt::int64, {.logical = time_logical(8, time_unit::nanos, utc)},
                       utc ? type_kind::timestamptz : type_kind::timestamp, {}),
            "write microseconds (pandas: .dt.as_unit('us'), polars: dt.cast_time_unit('us'))");
}

BOOST_AUTO_TEST_CASE(columns_that_do_not_fit_are_named_together) {
  std::vector<node> columns;
  for (const char *name : {"a", "b", "c", "d", "e", "f"}) columns.push_back(leaf(name, pt::int64));
  std::vector<field> fields = {make_field(1, "a", type_kind::int64), make_field(2, "b", type_kind::int32)};
  refused(of({columns[0], columns[1], columns[2]}, fields), "column b of f has type long");
  refused(of({columns[0], columns[1], columns[2]}, fields), "(evolve --promote); column c is no column of the table");
  refused(of(columns, {make_field(1, "z", type_kind::int64)}), "column e is no column of the table");
  refused(of(columns, {make_field(1, "z", type_kind::int64)}), "write the file without it; and 1 more");
}

BOOST_AUTO_TEST_CASE(ids_of_the_name_mapping_are_said_to_be) {
  const std::vector<field> fields = {make_field(1, "a", type_kind::int32)};
  inspection i = of({leaf("a", pt::int32), leaf("b", pt::int32)}, fields);
  i.mapping = name_mapping{{{"a"}, 1, {}}, {{"b"}, 6, {}}};
  refused(i,
          "column b of f has no field id, and the table's name mapping (schema.name-mapping.default) gives it 6, "
          "which no column of the table has (it may have been dropped)");
  i.mapping = name_mapping{{{"a"}, 7, {}}};
  refused(i, "gives it 7, where the table's has 1: set that property right");
  i.mapping = name_mapping{{{"A"}, 1, {}}};
  refused(i, "column a of f is not in the table's name mapping (schema.name-mapping.default)");
}

BOOST_AUTO_TEST_CASE(names_that_differ_by_case_alone) {
  refused(of({leaf("ID", pt::int32)}, {make_field(1, "id", type_kind::int32)}),
          "column ID of f is no column of the table, whose column id differs from it by case alone: write the file "
          "with that name");
}

BOOST_AUTO_TEST_CASE(columns_are_found_by_id_whatever_they_are_called) {
  inspection i = of({leaf("old", pt::int32, {.id = 7})}, {make_field(7, "new", type_kind::int32)});
  i.file.groups = {{10, {{}}}};
  BOOST_TEST(i.metrics_of(7).value_count == 10);
}

BOOST_AUTO_TEST_CASE(names_against_ids) {
  const std::vector<field> fields = {make_field(1, "a", type_kind::int32), make_field(2, "b", type_kind::int32)};
  const node b_as_a = leaf("b", pt::int32, {.id = 1}), a_as_b = leaf("a", pt::int32, {.id = 2});
  refused(of({b_as_a, a_as_b}, fields),
          "column b of f has the field id 1 of the table's column a, where column b has id 2");
  refused(of({b_as_a}, fields), "or without any");
  // Before the columns were renamed, b was 1 and a was 2.
  inspection renamed = of({b_as_a, a_as_b}, fields);
  renamed.earlier = {std::make_shared<const schema>(
      1, std::vector<field>{make_field(1, "b", type_kind::int32), make_field(2, "a", type_kind::int32)})};
  BOOST_TEST(renamed.run().has_field_ids);
  BOOST_TEST(of({leaf("c", pt::int32, {.id = 1})}, fields).run().has_field_ids);  // a name that no other column has
  refused(of({leaf("a", pt::int32, {.id = 7})}, fields), "column a of f has field id 7, where the table's has 1");
  const auto within = [](std::vector<node> columns, std::vector<field> members) {
    return of({group("s", std::move(columns), {.id = 9})}, {make_field(9, "s", type::structure(std::move(members)))});
  };
  refused(within({b_as_a, a_as_b}, fields), "column s.b of f has the field id 1 of the table's column s.a");
}

BOOST_AUTO_TEST_CASE(field_ids_of_zero) {
  refused(of({leaf("a", pt::int32, {.id = 0}), leaf("b", pt::int32, {.id = 1})},
             {make_field(1, "a", type_kind::int32), make_field(2, "b", type_kind::int32)}),
          "column a of f has field id 0, where the table's has 1");
}

BOOST_AUTO_TEST_CASE(columns_that_the_table_does_not_have) {
  inspection i =
      of({leaf("a", pt::int32, {.id = 1}), leaf("b", pt::int32, {.id = 2})}, {make_field(1, "a", type_kind::int32)});
  refused(i, "column b of f has field id 2, which no column of the table has (it may have been dropped)");
  i.extras = extra_columns::ignore;
  BOOST_TEST(i.run().file.record_count == 0);
  refused(of({leaf("x", pt::int32, {.id = 2})},
             {make_field(1, "s", type::structure({make_field(2, "x", type_kind::int32)}))}),
          "has field id 2, that of s.x, which is elsewhere in the table");
  inspection twice = of({leaf("a", pt::int32), leaf("b", pt::int32)}, {make_field(1, "a", type_kind::int32)});
  twice.mapping = name_mapping{{{"a", "b"}, 1, {}}};
  refused(twice, "column b of f is another column for field a");
  refused(of({leaf("a", pt::int32), leaf("__index_level_0__", pt::int64)}, {make_field(1, "a", type_kind::int32)}),
          "write the file without it (pandas: index=False)");
}

BOOST_AUTO_TEST_CASE(columns_that_the_file_does_not_have) {
  const node a = leaf("a", pt::int32, {.id = 1});
  const field b = make_field(2, "b", type_kind::int32, true);
  BOOST_TEST(
      of({a}, {make_field(1, "a", type_kind::int32), make_field(2, "b", type_kind::int32)}).run().file.record_count ==
      0);
  inspection i = of({a}, {make_field(1, "a", type_kind::int32), b});
  refused(i, "f lacks the required column b");
  i.fields[1].initial_default = value(std::int32_t{5});
  BOOST_TEST(i.run().file.record_count == 0);
  i.fields[1].initial_default.reset();
  i.spec = make_spec({{2, "identity"}});
  i.given = std::vector<value>{std::int32_t{5}};
  BOOST_CHECK(i.run().file.partition == *i.given);
  i.given = std::vector<value>{null_value{}};
  BOOST_CHECK_EXCEPTION(i.run(), error,
                        is_failure(status::INVALID_ARGUMENT, "given as null, but column b is required"));
}

BOOST_AUTO_TEST_CASE(nulls_in_required_columns) {
  inspection i = one_column(pt::int32, {}, type_kind::int32, {{.nulls = 0}});
  i.fields[0].required = true;
  BOOST_TEST(i.run().file.record_count == 10);
  i.file.groups[0].chunks[0].nulls = 1;
  refused(i, "column c of f has nulls, or may have, but field c of the table is required");
  i.file.groups[0].chunks[0].nulls.reset();
  refused(i, "column c of f has nulls");
  i.file.groups[0].chunks[0].definition_levels = {0, 10};
  BOOST_TEST(i.run().file.record_count == 10);
}

BOOST_AUTO_TEST_CASE(nulls_in_required_structures_and_lists) {
  const field structure = make_field(1, "s", type::structure({make_field(2, "x", type_kind::int32)}), true);
  inspection i = of({group("s", {leaf("x", pt::int32, {.id = 2})}, {.id = 1})}, {structure});
  i.file.groups = {{10, {{.nulls = 0}}}};
  BOOST_TEST(i.run().file.record_count == 10);
  i.file.groups[0].chunks[0].nulls = 5;
  refused(i, "column s of f has nulls");
  i.file.groups[0].chunks[0].definition_levels = {0, 5, 5};  // s is always there, x half of the time
  BOOST_TEST(i.run().file.record_count == 10);
  i.file.groups[0].chunks[0].definition_levels = {1, 4, 5};
  refused(i, "column s of f has nulls");

  const field list = make_field(1, "l", type::list(make_field(2, "element", type_kind::int32)), true);
  inspection lists =
      of({group("l", {group("list", {leaf("element", pt::int32, {.id = 2})}, {.repetition = repetition::repeated})},
                {.id = 1, .logical = logical(list_logical)})},
         {list});
  lists.file.groups = {{10, {{.nulls = 0, .values = 30}}}};
  refused(lists, "column l of f has nulls, or may have");
  lists.file.groups[0].chunks[0].definition_levels = {0, 2, 0, 28};
  BOOST_TEST(lists.metrics_of(2).value_count == 30);
}

BOOST_AUTO_TEST_CASE(files_without_ids_go_by_name) {
  const auto string_list = [](std::string name, std::string element) {
    return group(std::move(name),
                 {group("list", {leaf(std::move(element), pt::byte_array, {.logical = logical(string_logical)})},
                        {.repetition = repetition::repeated})},
                 {.logical = logical(list_logical)});
  };
  const std::vector<field> fields = {make_field(3, "id", type_kind::int64),
                                     make_field(4, "tags", type::list(make_field(5, "element", type_kind::string)))};
  inspection i = of({leaf("number", pt::int64), string_list("tags", "array_element")}, fields);
  refused(i, "column number of f is no column of the table");
  i.mapping = name_mapping{{{"id", "number"}, 3, {}}, {{"tags"}, 4, {{{"element"}, 5, {}}}}};
  BOOST_TEST(!i.run().has_field_ids);
  i.file.columns[0] = leaf("id", pt::int64);
  i.mapping.reset();
  BOOST_TEST(!i.run().has_field_ids);
}

BOOST_AUTO_TEST_SUITE_END()
