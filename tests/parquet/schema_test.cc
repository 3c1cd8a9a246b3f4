#include "parquet/schema.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <string>
#include <tuple>

#include "failure.h"
#include "footer_builder.h"
#include "real_file.h"

using namespace evodb;
using namespace evodb::testing;
using pt = physical_type;

BOOST_AUTO_TEST_SUITE(parquet_schema)

namespace {

parquet_footer footer_with(std::vector<node> columns) {
  file_facts facts;
  facts.columns = std::move(columns);
  return read_footer(build_footer(facts), "f");
}

/// The type of the only column.
std::string type_of(node column) {
  return to_iceberg_fields(footer_with({std::move(column)}), "f").at(0).type.to_text();
}

std::string schema_text(const parquet_footer &footer) {
  std::string text;
  for (const field &f : to_iceberg_fields(footer, "f"))
    text += std::to_string(f.id) + " " + f.name + (f.required ? "! " : " ") + f.type.to_text() + "\n";
  return text;
}

void check_refused(node column, status code, std::string_view why, const std::string &name = "c") {
  const parquet_footer footer = footer_with({std::move(column)});
  BOOST_CHECK_EXCEPTION(to_iceberg_fields(footer, "f"), error, is_failure(code, why));
  BOOST_CHECK_EXCEPTION(to_iceberg_fields(footer, "f"), error, is_failure(code, "column " + name + " of f"));
}

constexpr enum repetition required = repetition::required, repeated = repetition::repeated;

}  // namespace

BOOST_AUTO_TEST_CASE(physical_types) {
  BOOST_TEST(type_of(leaf("c", pt::boolean)) == "boolean");
  BOOST_TEST(type_of(leaf("c", pt::int32)) == "int");
  BOOST_TEST(type_of(leaf("c", pt::int64)) == "long");
  BOOST_TEST(type_of(leaf("c", pt::int96)) == "timestamptz");
  BOOST_TEST(type_of(leaf("c", pt::float32)) == "float");
  BOOST_TEST(type_of(leaf("c", pt::float64)) == "double");
  BOOST_TEST(type_of(leaf("c", pt::byte_array)) == "binary");
  BOOST_TEST(type_of(leaf("c", pt::fixed_len_byte_array, {.length = 7})) == "fixed[7]");
}

BOOST_AUTO_TEST_CASE(logical_types) {
  const auto with = [](pt physical, compact_struct logical_type, int length = 0) {
    return type_of(leaf("c", physical, {.logical = std::move(logical_type), .length = length}));
  };
  BOOST_TEST(with(pt::byte_array, logical(string_logical)) == "string");
  BOOST_TEST(with(pt::byte_array, logical(enum_logical)) == "string");
  BOOST_TEST(with(pt::byte_array, logical(json_logical)) == "string");
  BOOST_TEST(with(pt::int32, logical(date_logical)) == "date");
  BOOST_TEST(with(pt::fixed_len_byte_array, logical(uuid_logical), 16) == "uuid");
  BOOST_TEST(with(pt::int32, integer_logical(8, true)) == "int");
  BOOST_TEST(with(pt::int32, integer_logical(32, true)) == "int");
  BOOST_TEST(with(pt::int64, integer_logical(64, true)) == "long");
  BOOST_CHECK(type::parse(with(pt::int32, decimal_logical(9, 2))) == type::decimal(9, 2));
  BOOST_CHECK(type::parse(with(pt::int64, decimal_logical(18, 0))) == type::decimal(18, 0));
  BOOST_CHECK(type::parse(with(pt::fixed_len_byte_array, decimal_logical(38, 38), 16)) == type::decimal(38, 38));
  BOOST_CHECK(type::parse(with(pt::fixed_len_byte_array, decimal_logical(20, 1), 9)) == type::decimal(20, 1));
  BOOST_TEST(with(pt::int64, time_logical(7, time_unit::micros, true)) == "time");
  BOOST_TEST(with(pt::int64, time_logical(8, time_unit::millis, false)) == "timestamp");
  BOOST_TEST(with(pt::int64, time_logical(8, time_unit::micros, true)) == "timestamptz");
  BOOST_TEST(with(pt::int64, time_logical(8, time_unit::nanos, false)) == "timestamp_ns");
  BOOST_TEST(with(pt::int64, time_logical(8, time_unit::nanos, true)) == "timestamptz_ns");
  BOOST_TEST(with(pt::byte_array, logical(geometry_logical)).starts_with("geometry"));
  BOOST_TEST(with(pt::byte_array, compact_struct().structure(18, compact_struct().i32(2, 4))).find("karney") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(converted_types) {
  const auto with = [](pt physical, int converted, int length = 0) {
    return type_of(leaf("c", physical, {.converted = converted, .length = length}));
  };
  BOOST_TEST(with(pt::byte_array, 0) == "string");
  BOOST_TEST(with(pt::byte_array, 4) == "string");
  BOOST_TEST(with(pt::int32, 6) == "date");
  BOOST_TEST(with(pt::int64, 8) == "time");
  BOOST_TEST(with(pt::int64, 9) == "timestamptz");
  BOOST_TEST(with(pt::int64, 10) == "timestamptz");
  BOOST_TEST(with(pt::int32, 15) == "int");
  BOOST_TEST(with(pt::int64, 18) == "long");
  BOOST_TEST(with(pt::byte_array, 19) == "string");
  // The logical type is the more exact one.
  BOOST_TEST(type_of(leaf("c", pt::int64, {.logical = time_logical(8, time_unit::micros, false), .converted = 10})) ==
             "timestamp");
  // A logical type of a later format falls back on the converted one.
  BOOST_TEST(type_of(leaf("c", pt::byte_array, {.logical = logical(77), .converted = 0})) == "string");
}

BOOST_AUTO_TEST_CASE(types_that_spark_cannot_read) {
  const std::tuple<int, int, std::string> of_32[] = {
      {8, 11, "signed integer of 32"}, {16, 12, "signed integer of 32"}, {32, 13, "signed integer of 64"}};
  for (const auto &[bits, converted, way_out] : of_32) {
    const std::string why =
        fmt::format("unsigned integers of {} bits, which Spark cannot read: cast it to a {}", bits, way_out);
    check_refused(leaf("c", pt::int32, {.logical = integer_logical(bits, false)}), status::UNSUPPORTED, why);
    check_refused(leaf("c", pt::int32, {.converted = converted}), status::UNSUPPORTED, why);
  }
  check_refused(leaf("c", pt::byte_array, {.logical = decimal_logical(9, 2)}), status::UNSUPPORTED,
                "decimals of variable length, which Spark cannot read");
}

BOOST_AUTO_TEST_CASE(types_that_iceberg_does_not_have) {
  check_refused(leaf("c", pt::int64, {.logical = integer_logical(64, false)}), status::UNSUPPORTED,
                "unsigned integers of 64 bits");
  check_refused(leaf("c", pt::int64, {.converted = 14}), status::UNSUPPORTED, "unsigned integers of 64 bits");
  check_refused(leaf("c", pt::fixed_len_byte_array, {.logical = logical(float16_logical), .length = 2}),
                status::UNSUPPORTED, "16 bits");
  check_refused(leaf("c", pt::int64, {.logical = time_logical(7, time_unit::nanos, false)}), status::UNSUPPORTED,
                "nanoseconds");
  check_refused(leaf("c", pt::fixed_len_byte_array, {.logical = decimal_logical(39, 0), .length = 17}),
                status::UNSUPPORTED, "39 digits");
  check_refused(leaf("c", pt::int32, {.logical = logical(77)}), status::UNSUPPORTED, "later Parquet format");
  check_refused(leaf("c", pt::byte_array,
                     {.logical = compact_struct().structure(
                          geometry_logical, compact_struct().binary(1, "{\"name\": \"WGS 84 (CRS84)\"}"))}),
                status::UNSUPPORTED, "coordinate reference system");
  check_refused(leaf("c", pt::int32, {.repetition = repeated}), status::UNSUPPORTED, "repeated field");
  check_refused(leaf("c", pt::fixed_len_byte_array, {.converted = 21, .length = 12}), status::UNSUPPORTED, "intervals");
  // Parquet Java says UNKNOWN beside it, which is not so.
  check_refused(leaf("c", pt::fixed_len_byte_array, {.logical = logical(null_logical), .converted = 21, .length = 12}),
                status::UNSUPPORTED, "intervals");
}

BOOST_AUTO_TEST_CASE(types_that_an_engine_cannot_read) {
  const node nothing = leaf("c", pt::int32, {.logical = logical(null_logical)});
  check_refused(nothing, status::UNSUPPORTED, "null type");
  check_refused(group("s", {nothing}), status::UNSUPPORTED, "a column of Parquet's null type", "s.c");
  check_refused(group("c", {group("list", {nothing}, {.repetition = repeated})}, {.logical = logical(list_logical)}),
                status::UNSUPPORTED, "a column of Parquet's null type", "c.element");
  check_refused(leaf("c", pt::byte_array, {.logical = logical(bson_logical)}), status::UNSUPPORTED, "BSON");
  check_refused(leaf("c", pt::byte_array, {.converted = 20}), status::UNSUPPORTED, "plain binary");
  check_refused(leaf("c", pt::int32, {.logical = time_logical(7, time_unit::millis, false)}), status::UNSUPPORTED,
                "write microseconds");
  check_refused(leaf("c", pt::int32, {.converted = 7}), status::UNSUPPORTED, "polars: cast(pl.String)");
}

BOOST_AUTO_TEST_CASE(columns_of_such_types_are_named_together) {
  const leaf_options wide = {.logical = integer_logical(64, false)};
  const parquet_footer footer =
      footer_with({leaf("a", pt::int64, wide), leaf("b", pt::int32), group("c", {leaf("x", pt::int64, wide)})});
  BOOST_CHECK_EXCEPTION(to_iceberg_fields(footer, "f"), error, is_failure(status::UNSUPPORTED, "column a of f: uns"));
  BOOST_CHECK_EXCEPTION(to_iceberg_fields(footer, "f"), error, is_failure(status::UNSUPPORTED, "; column c.x: uns"));
}

BOOST_AUTO_TEST_CASE(types_that_contradict_themselves) {
  check_refused(leaf("c", pt::int32, {.logical = logical(string_logical)}), status::CORRUPT, "does not go with");
  check_refused(leaf("c", pt::int32, {.logical = time_logical(8, time_unit::micros, true)}), status::CORRUPT,
                "does not go with");
  check_refused(leaf("c", pt::fixed_len_byte_array, {.logical = logical(uuid_logical), .length = 15}), status::CORRUPT,
                "16 bytes");
  check_refused(leaf("c", pt::int32, {.logical = decimal_logical(0, 0)}), status::CORRUPT, "no decimal");
  check_refused(leaf("c", pt::int32, {.logical = decimal_logical(5, 6)}), status::CORRUPT, "no decimal");
  check_refused(leaf("c", pt::int32, {.logical = integer_logical(24, true)}), status::CORRUPT, "24 bits");
  check_refused(leaf("c", pt::int32, {.logical = logical(list_logical)}), status::CORRUPT, "no group");
  check_refused(group("c", {leaf("x", pt::int32)}, {.logical = logical(list_logical)}), status::CORRUPT,
                "one repeated field");
}

BOOST_AUTO_TEST_CASE(lists) {
  const auto list_of = [](node repeated_field) {
    return type_of(group("c", {std::move(repeated_field)}, {.logical = logical(list_logical)}));
  };
  BOOST_TEST(list_of(group("list", {leaf("element", pt::int32)}, {.repetition = repeated})) == "list<int>");
  BOOST_TEST(list_of(group("list", {leaf("item", pt::int32, {.repetition = required})}, {.repetition = repeated})) ==
             "list<required int>");
  const node of_two_levels[] = {
      leaf("element", pt::int32, {.repetition = repeated}),
      group("array", {leaf("x", pt::int32)}, {.repetition = repeated}),
      group("c_tuple", {leaf("x", pt::int32)}, {.repetition = repeated}),
      group("e", {leaf("x", pt::int32), leaf("y", pt::int32)}, {.repetition = repeated}),
      group("array", {leaf("array", pt::int32, {.repetition = repeated})},
            {.logical = logical(list_logical), .repetition = repeated}),
  };
  for (const node &element : of_two_levels)
    check_refused(group("c", {element}, {.logical = logical(list_logical)}), status::UNSUPPORTED, "three levels");
}

BOOST_AUTO_TEST_CASE(maps) {
  const auto entry = [](std::string name, enum repetition key) {
    return group(std::move(name),
                 {leaf("key", pt::byte_array, {.logical = logical(string_logical), .repetition = key}),
                  leaf("value", pt::int64)},
                 {.repetition = repeated});
  };
  BOOST_TEST(type_of(group("c", {entry("key_value", required)}, {.logical = logical(map_logical)})) ==
             "map<string, long>");
  check_refused(group("c", {entry("key_value", repetition::optional)}, {.logical = logical(map_logical)}),
                status::UNSUPPORTED, "make them required");
  check_refused(group("c", {entry("map", required)}, {.converted = 2}), status::UNSUPPORTED, "marked MAP_KEY_VALUE");
  check_refused(group("c",
                      {group("key_value", {leaf("k", pt::int32, {.repetition = required}), leaf("v", pt::int32)},
                             {.repetition = repeated})},
                      {.logical = logical(map_logical)}),
                status::UNSUPPORTED, "key is named k");
  check_refused(group("c", {group("key_value", {leaf("key", pt::int32)}, {.repetition = repeated})},
                      {.logical = logical(map_logical)}),
                status::UNSUPPORTED, "without both");
}

BOOST_AUTO_TEST_CASE(variants_are_one_column) {
  const node variant = group("c", {leaf("metadata", pt::byte_array), leaf("value", pt::byte_array)},
                             {.logical = logical(variant_logical)});
  BOOST_TEST(schema_text(footer_with({variant, leaf("d", pt::int32)})) == "0 c variant\n0 d int\n");
}

BOOST_AUTO_TEST_CASE(field_ids_are_kept) {
  const parquet_footer footer = real_file("tests/data/parquet/nested.parquet").footer();
  BOOST_TEST(
      schema_text(footer) ==
      "1 id! int\n2 place struct<x: required double, y: double>\n3 tags list<string>\n4 counts map<string, long>\n");
  const std::vector<field> fields = to_iceberg_fields(footer, "f");
  BOOST_TEST(fields[1].type.fields()[0].id == 5);
  BOOST_TEST(fields[2].type.element().id == 7);
  BOOST_TEST(fields[3].type.key().id == 8);
  BOOST_TEST(fields[3].type.value().id == 9);
}

BOOST_AUTO_TEST_CASE(field_ids_are_of_all_columns_or_of_none) {
  const auto ids = [](const parquet_footer &footer) { return has_field_ids(columns_of(footer, "f"), "f"); };
  BOOST_TEST(ids(footer_with({leaf("a", pt::int32, {.id = 1})})));
  BOOST_TEST(ids(footer_with({leaf("a", pt::int32, {.id = 0})})));
  BOOST_TEST(!ids(footer_with({leaf("a", pt::int32), leaf("b", pt::int32)})));
  const parquet_footer mixture = footer_with({leaf("a", pt::int32, {.id = 1}), leaf("b", pt::int32)});
  BOOST_CHECK_EXCEPTION(ids(mixture), error, is_failure(status::INCOMPATIBLE_SCHEMA, "column b of f has no field id"));
  BOOST_CHECK_EXCEPTION(to_iceberg_fields(mixture, "f"), error,
                        is_failure(status::INCOMPATIBLE_SCHEMA, "column a has"));
}

BOOST_AUTO_TEST_CASE(field_ids_that_are_none) {
  const auto refused = [](int first, int second, std::string_view why) {
    const parquet_footer footer =
        footer_with({leaf("a", pt::int32, {.id = first}), leaf("b", pt::int32, {.id = second})});
    BOOST_CHECK_EXCEPTION(to_iceberg_fields(footer, "f"), error, is_failure(status::INCOMPATIBLE_SCHEMA, why));
  };
  refused(1, -1, "column b of f has field id -1, that is no id");
  refused(0, 0, "column b of f has field id 0, as column a has");
  refused(7, 7, "column b of f has field id 7, as column a has");
  refused(0, 1, "column a of f has field id 0, and a field id of 0 is not supported in a new table: write");
}

BOOST_AUTO_TEST_CASE(what_arrow_wrote) {
  BOOST_TEST(schema_text(real_file("tests/data/parquet/primitives.parquet").footer()) ==
             "1 flag boolean\n2 small int\n3 number int\n4 big! long\n5 long long\n6 ratio float\n7 double double\n"
             "8 price decimal(9,2)\n9 total decimal(38,10)\n10 day date\n11 clock time\n12 local timestamp\n13 instant "
             "timestamptz\n"
             "14 name string\n15 raw binary\n16 digest fixed[4]\n17 key uuid\n");
  BOOST_TEST(schema_text(real_file("tests/data/parquet/milliseconds.parquet").footer()) ==
             "0 local timestamp\n0 instant timestamptz\n");
  BOOST_TEST(schema_text(real_file("tests/data/parquet/nanoseconds.parquet").footer()) ==
             "0 local timestamp_ns\n0 instant timestamptz_ns\n");
  BOOST_TEST(schema_text(real_file("tests/data/parquet/int96.parquet").footer()) == "0 instant timestamptz\n");
  BOOST_CHECK_EXCEPTION(to_iceberg_fields(real_file("tests/data/parquet/null_type.parquet").footer(), "f"), error,
                        is_failure(status::UNSUPPORTED, "column nothing of f"));
  BOOST_CHECK_EXCEPTION(to_iceberg_fields(real_file("tests/data/parquet/unsigned64.parquet").footer(), "f"), error,
                        is_failure(status::UNSUPPORTED, "column id of f"));
}

BOOST_AUTO_TEST_SUITE_END()
