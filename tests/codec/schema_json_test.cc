#include "codec/schema_json.h"

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(schema_json)

namespace {

schema read(const std::string &text) {
  const json_document document(text, "v1.metadata.json");
  return read_schema(document.root());
}

std::string of_type(const std::string &type_json) {
  return R"({"type":"struct","schema-id":7,"fields":[{"id":1,"name":"c","required":false,"type":)" + type_json + "}]}";
}

/// Structs within structs: `levels` of them below the schema.
std::string nested_structs(int levels) {
  std::string head, tail;
  for (int i = 1; i <= levels; ++i) {
    head += R"({"type":"struct","fields":[{"id":)" + std::to_string(i + 1) + R"(,"name":"c","required":false,"type":)";
    tail += "}]}";
  }
  return of_type(head + "\"int\"" + tail);
}

}  // namespace

BOOST_AUTO_TEST_CASE(types_are_written_as_they_were_read) {
  for (const char *t : {"\"boolean\"",
                        "\"int\"",
                        "\"long\"",
                        "\"float\"",
                        "\"double\"",
                        "\"decimal(38,10)\"",
                        "\"date\"",
                        "\"time\"",
                        "\"timestamp\"",
                        "\"timestamptz\"",
                        "\"timestamp_ns\"",
                        "\"timestamptz_ns\"",
                        "\"string\"",
                        "\"uuid\"",
                        "\"fixed[16]\"",
                        "\"binary\"",
                        "\"unknown\"",
                        "\"variant\"",
                        "\"geometry\"",
                        "\"geometry(EPSG:3857)\"",
                        "\"geography\"",
                        "\"geography(OGC:CRS84, karney)\"",
                        R"({"type":"list","element-id":2,"element":"int","element-required":true})",
                        R"({"type":"map","key-id":2,"key":"string","value-id":3,"value":"int","value-required":false})",
                        R"({"type":"struct","fields":[{"id":2,"name":"a.b","required":true,"type":"int","doc":""}]})",
                        R"({"type":"struct","fields":[]})"}) {
    const std::string text = of_type(t);
    BOOST_TEST_CONTEXT(t) {
      BOOST_TEST(write_schema_text(read(text)) == text);
    }
  }
}

BOOST_AUTO_TEST_CASE(spaces_in_parameters_do_not_matter) {
  const std::pair<const char *, const char *> cases[] = {{"decimal( 9 , 2 )", "decimal(9,2)"},
                                                         {"decimal(9, 2)", "decimal(9,2)"},
                                                         {"fixed[ 4 ]", "fixed[4]"},
                                                         {"geometry( EPSG:3857 )", "geometry(EPSG:3857)"},
                                                         {"geography(OGC:CRS84,spherical)", "geography"}};
  for (const auto &[text, expected] : cases) {
    BOOST_TEST(read(of_type('"' + std::string(text) + '"')).find(1)->type.to_text() == expected);
  }
}

BOOST_AUTO_TEST_CASE(identifier_fields_docs_and_defaults_round_trip) {
  const std::string text = R"({"type":"struct","schema-id":3,"identifier-field-ids":[1],"fields":[)"
                           R"({"id":1,"name":"é","required":true,"type":"string","doc":"two\u000alines",)"
                           R"("initial-default":"","write-default":"x"}]})";
  const schema s = read(text);
  BOOST_TEST(s.schema_id() == 3);
  BOOST_TEST(s.identifier_field_ids() == std::vector<std::int32_t>{1}, boost::test_tools::per_element());
  BOOST_TEST(*s.find(1)->doc == "two\nlines");
  BOOST_TEST(write_schema_text(s) == text);
}

BOOST_AUTO_TEST_CASE(a_schema_id_may_be_missing_and_nulls_count_as_missing) {
  const schema s = read(R"({"type":"struct","fields":[{"id":1,"name":"c","required":false,"type":"int","doc":null,)"
                        R"("initial-default":null,"key-of-tomorrow":1}],"identifier-field-ids":null})");
  BOOST_TEST(s.schema_id() == 0);
  BOOST_TEST(!s.find(1)->doc);
  BOOST_TEST(!s.find(1)->initial_default);
}

BOOST_AUTO_TEST_CASE(a_callers_schema_may_lack_ids) {
  const schema_fields read =
      read_schema_fields_text(R"({"type":"struct","fields":[{"name":"c","required":true,)"
                              R"("type":{"type":"list","element":"int","element-required":false}}]})",
                              "--schema");
  BOOST_TEST(read.fields.at(0).id == 0);
  BOOST_TEST(read.fields.at(0).type.element().id == 0);
  const std::vector<field> fields = keep_or_assign_ids(read.fields);
  BOOST_TEST(fields.at(0).id == 1);
  BOOST_TEST(fields.at(0).type.element().id == 2);
  CHECK_FAILS(read_schema_fields_text(R"({"type":"struct","fields":[{}]})", "--schema"), status::INVALID_ARGUMENT,
              "$.fields[0]: lacks name");
}

BOOST_AUTO_TEST_CASE(deep_types_are_refused_without_harm) {
  BOOST_CHECK_NO_THROW(read(nested_structs(60)));
  CHECK_FAILS(read(nested_structs(65)), status::CORRUPT, "deep");
  CHECK_FAILS(read(nested_structs(100'000)), status::CORRUPT, "deep");
}

BOOST_AUTO_TEST_CASE(what_is_no_schema_is_refused_at_its_place) {
  const struct {
    std::string text;
    const char *part;
  } cases[] = {
      {"[]", "$: expected an object"},
      {R"({"fields":[]})", "$: lacks type"},
      {R"({"type":"list","fields":[]})", "$: a schema's type is struct"},
      {R"({"type":"struct"})", "$: lacks fields"},
      {R"({"type":"struct","fields":{}})", "$.fields: expected an array"},
      {R"({"type":"struct","fields":[1]})", "$.fields[0]: expected an object"},
      {of_type("1"), "$.fields[0].type: expected an object"},
      {of_type("\"number\""), "$.fields[0].type: "},
      {of_type("\"decimal(39,2)\""), "$.fields[0].type: "},
      {of_type("\"decimal(9,2\""), "$.fields[0].type: "},
      {of_type("\"fixed[-1]\""), "$.fields[0].type: "},
      {of_type("\"list<int>\""), "a nested type is written as an object"},
      {of_type("{}"), "$.fields[0].type: lacks type"},
      {of_type(R"({"type":"set"})"), "$.fields[0].type: unknown type set"},
      {of_type(R"({"type":"list","element":"int","element-required":true})"), "lacks element-id"},
      {of_type(R"({"type":"list","element-id":2,"element-required":true})"), "lacks element"},
      {of_type(R"({"type":"list","element-id":2,"element":"int"})"), "lacks element-required"},
      {of_type(R"({"type":"map","key":"int","value-id":3,"value":"int","value-required":true})"), "lacks key-id"},
      {of_type(R"({"type":"map","key-id":2,"key":"int","value":"int","value-required":true})"), "lacks value-id"},
      {of_type(R"({"type":"map","key-id":2,"key":"int","value-id":3,"value":"int"})"), "lacks value-required"},
      {of_type(R"({"type":"map","key-id":2,"key":"int","value-id":2,"value":"int","value-required":true})"),
       "field id 2 is used twice"},
      {R"({"type":"struct","fields":[{"id":-1,"name":"c","required":false,"type":"int"}]})", "field id -1 is negative"},
      {R"({"type":"struct","fields":[{"id":1,"name":"","required":false,"type":"int"}]})", "empty name"},
      {R"({"type":"struct","fields":[{"id":1,"name":"c","required":"no","type":"int"}]})",
       "$.fields[0].required: expected true or false"},
      {R"({"type":"struct","fields":[{"id":1,"name":"c","required":true,"type":"unknown"}]})", "cannot be required"},
      {R"({"type":"struct","fields":[{"id":1,"name":"c","required":true,"type":"int","initial-default":"x"}]})",
       "$.fields[0].initial-default: expected an integer"},
      {R"({"type":"struct","fields":[{"id":1,"name":"c","required":true,"type":"variant","write-default":1}]})",
       "$.fields[0].write-default: a value of type variant can only be null"},
      {R"({"type":"struct","fields":[],"identifier-field-ids":[1]})", "identifier field does not exist"},
      {R"({"type":"struct","fields":[],"identifier-field-ids":["1"]})",
       "$.identifier-field-ids[0]: expected an integer"},
  };
  for (const auto &c : cases) {
    BOOST_TEST_CONTEXT(c.text) {
      CHECK_FAILS(read(c.text), status::CORRUPT, c.part);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
