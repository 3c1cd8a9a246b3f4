#include "codec/avro_schema.h"

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(avro_schemas)

BOOST_AUTO_TEST_CASE(named_types_are_resolved) {
  const auto schema = avro_schema::parse(
      R"({"type":"record","name":"r","namespace":"a.b","fields":[
        {"name":"x","field-id":7,"type":{"type":"fixed","name":"f","size":5}},
        {"name":"y","type":"f"},{"name":"z","type":["null","a.b.f"],"default":null},
        {"name":"w","type":{"type":{"type":"long","logicalType":"timestamp-micros"}}}]})",
      "file");
  const avro_type &root = schema->root();
  BOOST_TEST(root.fields.size() == 4u);
  BOOST_TEST(root.fields[0].field_id.value() == 7);
  BOOST_TEST(!root.fields[1].field_id.has_value());
  BOOST_TEST(root.fields[0].type == root.fields[1].type);
  BOOST_TEST(root.fields[0].type->size == 5u);
  BOOST_TEST(option_of(*root.fields[2].type).type == root.fields[0].type);
  BOOST_TEST(root.fields[3].type->logical_type == "timestamp-micros");
  BOOST_TEST(root.least_bytes == 5u + 5 + 1 + 1);
}

BOOST_AUTO_TEST_CASE(options_in_either_order) {
  const auto first = avro_schema::parse(R"(["null","int"])", "file");
  const auto second = avro_schema::parse(R"(["int","null"])", "file");
  const auto three = avro_schema::parse(R"(["int","null","string"])", "file");
  BOOST_TEST(option_of(first->root()).null_branch == 0);
  BOOST_TEST(option_of(second->root()).null_branch == 1);
  BOOST_TEST((option_of(second->root()).type->kind == avro_kind::int32));
  BOOST_TEST(option_of(three->root()).null_branch == -1);
  BOOST_TEST(option_of(three->root()).type == &three->root());
}

BOOST_AUTO_TEST_CASE(what_is_no_schema) {
  for (const char *text :
       {"", "{", "7", "[]", R"("nothing")", R"({"type":"record","name":"r"})", R"({"type":"record","fields":[]})",
        R"({"type":"array"})", R"({"type":"fixed","name":"f"})", R"({"type":"fixed","name":"f","size":-1})",
        R"({"type":"record","name":"r","fields":[{"name":"a"}]})", R"({"type":"record","name":"r","fields":[7]})",
        R"([["int"]])", R"({"name":"r"})", R"({"type":"enum","name":"e"})",
        R"({"type":"enum","name":"e","symbols":[1]})"}) {
    CHECK_FAILS(avro_schema::parse(text, "file"), status::CORRUPT);
  }
}

BOOST_AUTO_TEST_CASE(field_ids_that_are_none) {
  for (const char *id : {"\"x\"", "-1", "1.5", "2147483648", "null"}) {
    const auto schema = avro_schema::parse(
        R"({"type":"record","name":"r","fields":[{"name":"a","type":"int","field-id":)" + std::string(id) + "}]}",
        "file");
    BOOST_TEST(!schema->root().fields[0].field_id.has_value(), id);
  }
}

BOOST_AUTO_TEST_CASE(types_that_nest_without_end_are_refused) {
  CHECK_FAILS(avro_schema::parse(R"({"type":"record","name":"r","fields":[{"name":"a","type":["null","r"]}]})", "file"),
              status::UNSUPPORTED, "contains itself");
  // Each type holds the one before: deep without deep JSON.
  std::string text =
      R"({"type":"record","name":"r","fields":[{"name":"f","type":{"type":"record","name":"t0","fields":[]}})";
  for (int i = 1; i < 100; ++i) {
    const std::string n = std::to_string(i);
    text += R"(,{"name":"f)" + n + R"(","type":{"type":"record","name":"t)" + n +
            R"(","fields":[{"name":"a","type":"t)" + std::to_string(i - 1) + R"("}]}})";
  }
  CHECK_FAILS(avro_schema::parse(text + "]}", "file"), status::UNSUPPORTED, "too deeply");
}

BOOST_AUTO_TEST_SUITE_END()
