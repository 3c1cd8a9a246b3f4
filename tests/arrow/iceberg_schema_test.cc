#include "arrow/iceberg_schema.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "arrow/give_schema.h"
#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(iceberg_schema_test)

namespace {

struct arrow_column {
  std::string format, name;
  std::vector<arrow_column> children = {};
  key_values metadata = {};
  bool is_nullable = true;
};

void fill(const arrow_column &from, ArrowSchema &to) {
  std::vector<ArrowSchema> &children =
      give_schema(from.format, from.name, from.is_nullable, from.children.size(), to, from.metadata);
  for (std::size_t i = 0; i < children.size(); ++i) fill(from.children[i], children[i]);
}

std::vector<field> read(const std::vector<arrow_column> &columns) {
  owned<ArrowSchema> schema;
  fill({"+s", "", columns}, *schema);
  return fields_of_arrow(*schema);
}

/// The type of one column.
std::string type_text(const arrow_column &column) {
  return read({column}).at(0).type.to_text();
}

const key_values of_uuid{{"ARROW:extension:name", "arrow.uuid"}, {"ARROW:extension:metadata", ""}};

}  // namespace

BOOST_AUTO_TEST_CASE(types_of_arrow) {
  const std::pair<const char *, const char *> types[] = {
      {"b", "boolean"},
      {"c", "int"},
      {"C", "int"},
      {"s", "int"},
      {"S", "int"},
      {"i", "int"},
      {"I", "long"},
      {"l", "long"},
      {"f", "float"},
      {"g", "double"},
      {"u", "string"},
      {"U", "string"},
      {"vu", "string"},
      {"z", "binary"},
      {"Z", "binary"},
      {"vz", "binary"},
      {"n", "unknown"},
      {"w:7", "fixed[7]"},
      {"w:16", "fixed[16]"},
      {"d:9,2", "decimal(9,2)"},
      {"d:38,0,128", "decimal(38,0)"},
      {"tdD", "date"},
      {"tts", "time"},
      {"ttm", "time"},
      {"ttu", "time"},
      {"tss:", "timestamp"},
      {"tsm:UTC", "timestamptz"},
      {"tsu:", "timestamp"},
      {"tsu:+00:00", "timestamptz"},
      {"tsu:Etc/UTC", "timestamptz"},
      {"tsn:", "timestamp_ns"},
      {"tsn:Z", "timestamptz_ns"},
  };
  for (const auto &[format, expected] : types) BOOST_TEST(type_text({format, "a"}) == expected, format);
  BOOST_TEST(type_text({"w:16", "a", {}, of_uuid}) == "uuid");
  BOOST_TEST(type_text({"+l", "a", {{"i", "item"}}}) == "list<int>");
  BOOST_TEST(type_text({"+L", "a", {{"i", "item"}}}) == "list<int>");
  BOOST_TEST(type_text({"+w:3", "a", {{"i", "item"}}}) == "list<int>");
  BOOST_TEST(type_text({"+s", "a", {{"i", "x"}, {"u", "y"}}}) == "struct<x: int, y: string>");
  BOOST_TEST(type_text({"+m", "a", {{"+s", "entries", {{"u", "key", {}, {}, false}, {"l", "value"}}}}}) ==
             "map<string, long>");
}

BOOST_AUTO_TEST_CASE(types_that_iceberg_does_not_have) {
  const char *const formats[] = {"L",           "e",    "d:9,2,256", "d:39,0",  "d:5,-2", "d:5,6", "d:9", "d:x,2",
                                 "d:9,2,128,1", "w:0",  "w:-1",      "w:",      "tdm",    "ttn",   "tDs", "tiM",
                                 "ts",          "tsx:", "tsu",       "+us:0,1", "+vl",    "+r",    "",    "q",
                                 "bb"};
  for (const char *format : formats) {
    BOOST_TEST_CONTEXT(format) {
      CHECK_FAILS(read({{"i", "fine"}, {format, "odd"}}), status::INVALID_ARGUMENT, "column odd: Iceberg has no type");
    }
  }
  CHECK_FAILS(type_text({"tsu:Europe/Paris", "a"}), status::INVALID_ARGUMENT, "its time zone is Europe/Paris");
}

BOOST_AUTO_TEST_CASE(ids_documentation_and_nullability) {
  const std::vector<field> fields =
      read({{"l", "a", {}, {{"PARQUET:field_id", "7"}, {"doc", "why"}}, false},
            {"+l", "b", {{"i", "item", {}, {{"PARQUET:field_id", "9"}}}}, {{"other", ""}, {"PARQUET:field_id", "8"}}},
            {"n", "c", {}, {}, false}});
  BOOST_TEST(fields[0].id == 7);
  BOOST_TEST(fields[0].doc.value() == "why");
  BOOST_TEST(fields[0].required);
  BOOST_TEST(fields[1].id == 8);
  BOOST_TEST(!fields[1].required);
  BOOST_TEST(!fields[1].doc.has_value());
  BOOST_TEST(fields[1].type.element().id == 9);
  BOOST_TEST(fields[2].id == 0);
  BOOST_TEST(!fields[2].required);
  for (const char *id : {"", "0", "-1", "x", "1x", "1,2", "99999999999"}) {
    CHECK_FAILS(read({{"l", "a", {}, {{"PARQUET:field_id", id}}}}), status::INVALID_ARGUMENT,
                "column a: its PARQUET:field_id is no positive number");
  }
}

BOOST_AUTO_TEST_CASE(a_dictionary_is_what_its_values_are) {
  owned<ArrowSchema> schema;
  fill({"+s", "", {{"i", "a"}}}, *schema);
  owned<ArrowSchema> values;
  fill({"u", ""}, *values);
  ArrowSchema &column = *(*schema).children[0];
  column.dictionary = &*values;
  BOOST_TEST(fields_of_arrow(*schema).at(0).type.to_text() == "string");
  (*values).dictionary = &column;
  CHECK_FAILS(fields_of_arrow(*schema), status::INVALID_ARGUMENT, "dictionary of dictionaries");
  (*values).dictionary = nullptr;
  column.dictionary = nullptr;
}

BOOST_AUTO_TEST_CASE(broken_structures) {
  const auto refused = [](auto &&damage, const char *said) {
    owned<ArrowSchema> schema;
    fill({"+s",
          "",
          {{"i", "a"}, {"+l", "l", {{"i", "item"}}}, {"+m", "m", {{"+s", "entries", {{"u", "k"}, {"l", "v"}}}}}}},
         *schema);
    ArrowSchema whole = *schema;
    damage(whole, *whole.children[1], *whole.children[2]);
    CHECK_FAILS(fields_of_arrow(whole), status::INVALID_ARGUMENT, said);
  };
  refused([](auto &whole, auto &, auto &) { whole.release = nullptr; }, "released already");
  refused([](auto &whole, auto &, auto &) { whole.format = "i"; }, "not a struct");
  refused([](auto &whole, auto &, auto &) { whole.format = nullptr; }, "it has no format");
  refused([](auto &whole, auto &, auto &) { whole.n_children = -1; }, "its children are broken");
  refused([](auto &whole, auto &, auto &) { whole.children = nullptr; }, "its children are broken");
  refused([](auto &, auto &list, auto &) { list.name = "\xff"; }, "not UTF-8");
  refused([](auto &, auto &list, auto &) { list.n_children = 0; }, "column l: a list or map has one child");
  refused([](auto &, auto &list, auto &) { list.format = "i"; }, "column l: it has children");
  refused([](auto &, auto &, auto &map) { map.children[0]->format = "+l"; },
          "column m: a map's entries are a struct of two");
  refused([](auto &, auto &, auto &map) { map.children[0]->n_children = 1; }, "a struct of two");
  owned<ArrowSchema> schema;
  fill({"+s", "", {{"+l", "l", {{"i", "item"}}}}}, *schema);
  ArrowSchema *&element = (*schema).children[0]->children[0];
  ArrowSchema *const kept = std::exchange(element, nullptr);
  CHECK_FAILS(fields_of_arrow(*schema), status::INVALID_ARGUMENT, "child 0 is NULL");
  element = kept;
  const std::int32_t negative = -1;
  (*schema).children[0]->metadata = reinterpret_cast<const char *>(&negative);
  CHECK_FAILS(fields_of_arrow(*schema), status::INVALID_ARGUMENT, "negative length");
}

BOOST_AUTO_TEST_CASE(nested_too_deep) {
  arrow_column column{"i", "x"};
  for (int depth = 0; depth < type::max_depth + 1; ++depth) column = {"+s", "s", {column}};
  CHECK_FAILS(read({column}), status::INVALID_ARGUMENT, "nested deeper");
}

BOOST_AUTO_TEST_CASE(there_and_back) {
  std::int32_t next_id = 1;
  std::vector<field> fields;
  for (const char *text :
       {"boolean", "int", "long", "float", "double", "decimal(9,2)", "date", "time", "timestamp", "timestamptz",
        "timestamp_ns", "timestamptz_ns", "string", "uuid", "fixed[3]", "binary", "unknown",
        "list<required struct<a: required int, b: list<string>>>", "map<uuid, required map<int, struct<c: date>>>"}) {
    field f;
    f.name = "of " + std::string(text);
    f.type = type::parse(text);
    f.required = fields.size() % 2 == 1;
    if (fields.size() % 3 == 0) f.doc = "documented";
    if (f.type.is(type_kind::unknown)) f.required = false;
    fields.push_back(std::move(f));
  }
  const schema columns(0, assign_fresh_ids(fields, next_id));
  owned<ArrowSchema> out;
  export_iceberg_schema(columns, *out);
  const std::vector<field> back = fields_of_arrow(*out);
  BOOST_REQUIRE(back.size() == columns.fields().size());
  for (std::size_t i = 0; i < back.size(); ++i) BOOST_TEST((back[i] == columns.fields()[i]), back[i].name);
}

BOOST_AUTO_TEST_CASE(what_arrow_has_no_type_for) {
  for (const char *text : {"variant", "geometry", "geography"}) {
    std::int32_t next_id = 1;
    field list;
    list.name = "l";
    list.type = type::parse(std::string("list<") + text + ">");
    ArrowSchema out{};
    CHECK_FAILS(export_iceberg_schema(schema(0, assign_fresh_ids({list}, next_id)), out), status::UNSUPPORTED,
                "the column l.element of type");
    BOOST_TEST((out.release == nullptr));
  }
}

BOOST_AUTO_TEST_SUITE_END()
