#include "codec/manifest_schema.h"

#include "codec/avro_schema.h"
#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(manifest_schemas)

BOOST_AUTO_TEST_CASE(names_that_avro_allows) {
  BOOST_TEST(avro_name("time_day") == "time_day");
  BOOST_TEST(avro_name("_a9") == "_a9");
  BOOST_TEST(avro_name("9a") == "_9a");
  BOOST_TEST(avro_name("a-b.c") == "a_x2Db_x2Ec");
  BOOST_TEST(avro_name(" ") == "_x20");
  BOOST_TEST(avro_name("\xf0\x9f\x98\x8e") == "_xD83D_xDE0E");  // UTF-16, as in Java
}

BOOST_AUTO_TEST_CASE(bytes_of_decimals) {
  const std::pair<int, int> expected[] = {{1, 1}, {2, 1},  {3, 2},  {4, 2},  {5, 3},
                                          {9, 4}, {10, 5}, {18, 8}, {19, 9}, {38, 16}};
  for (const auto &[precision, size] : expected) BOOST_TEST(decimal_bytes(precision) == size);
}

BOOST_AUTO_TEST_CASE(fields_by_version) {
  partition_spec spec;
  partition_field field;
  field.source_ids = {1};
  field.field_id = 1000;
  field.name = "quote\"d";
  spec.fields = {field, field};
  spec.fields[1].field_id = 1001;
  spec.fields[1].name = "second";
  for (const int version : {2, 3}) {
    const auto schema =
        avro_schema::parse(manifest_schema_text(version, spec, {type::decimal(9, 2), type::decimal(9, 2)}), "s");
    BOOST_TEST(schema->root().fields.size() == 5u);
    BOOST_TEST(schema->root().fields[4].type->fields.size() == (version == 2 ? 17u : 20u));
    BOOST_TEST((avro_schema::parse(manifest_list_schema_text(version), "s")->root().fields.size() ==
                (version == 2 ? 15u : 16u)));
  }
  const std::string text = manifest_schema_text(2, spec, {type::decimal(9, 2), type::decimal(9, 2)});
  BOOST_TEST(text.find(R"("iceberg-field-name":"quote\"d")") != std::string::npos);
  BOOST_TEST(text.find(R"("type":["null","decimal_9_2"])") != std::string::npos);  // defined once
}

/// A void field has its source's type, though it has no values.
BOOST_AUTO_TEST_CASE(void_fields_of_geometries) {
  partition_spec spec;
  spec.fields.resize(2);
  const type types[] = {type::geometry(""), type::geography("", "")};
  for (std::size_t i = 0; i < 2; ++i) {
    spec.fields[i].source_ids = {1};
    spec.fields[i].field_id = 1000 + static_cast<std::int32_t>(i);
    spec.fields[i].name = std::string(1, static_cast<char>('a' + i));
    spec.fields[i].transform = transform::parse("void");
    BOOST_TEST(manifest_schema_text(3, {0, {spec.fields[i]}}, {types[i]}).find(R"("type":["null","bytes"])") !=
               std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
