#include "codec/name_mapping_json.h"

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(name_mapping_json)

BOOST_AUTO_TEST_CASE(mappings_round_trip) {
  const std::string text =
      R"([{"field-id":1,"names":["id","record_id"]},)"
      R"({"field-id":3,"names":["loc"],"fields":[{"field-id":4,"names":["a.b"]},{"names":["only in files"]}]},)"
      R"({"field-id":5,"names":[]}])";
  const name_mapping mapping = read_name_mapping_text(text, "schema.name-mapping.default");
  BOOST_TEST(mapping[1].fields[0].names[0] == "a.b");
  BOOST_TEST(!mapping[1].fields[1].field_id);
  BOOST_TEST(write_name_mapping_text(mapping) == text);
  BOOST_TEST(write_name_mapping_text(read_name_mapping_text("[]", "x")) == "[]");
}

BOOST_AUTO_TEST_CASE(what_is_no_mapping_is_refused_at_its_place) {
  const std::pair<const char *, const char *> cases[] = {
      {"", "not JSON"},
      {"{}", "$: expected an array"},
      {"[1]", "$[0]: expected an object"},
      {R"([{"field-id":1}])", "$[0]: lacks names"},
      {R"([{"names":"id"}])", "$[0].names: expected an array"},
      {R"([{"names":[1]}])", "$[0].names[0]: expected a string"},
      {R"([{"names":[],"field-id":"1"}])", "$[0].field-id: expected an integer"},
      {R"([{"names":[],"fields":[{"names":[],"fields":{}}]}])", "$[0].fields[0].fields: expected an array"},
  };
  for (const auto &[text, part] : cases) {
    BOOST_TEST_CONTEXT(text) {
      CHECK_FAILS(read_name_mapping_text(text, "schema.name-mapping.default"), status::CORRUPT, part);
    }
  }
  std::string deep = "[]";
  for (int i = 0; i < 1000; ++i) deep = R"([{"names":[],"fields":)" + deep + "}]";
  CHECK_FAILS(read_name_mapping_text(deep, "x"), status::CORRUPT, "too deep");
}

BOOST_AUTO_TEST_SUITE_END()
