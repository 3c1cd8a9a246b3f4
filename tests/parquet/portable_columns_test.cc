#include "parquet/portable_columns.h"

#include <boost/test/unit_test.hpp>
#include <map>
#include <string>

#include "failure.h"
#include "footer_builder.h"
#include "parquet/schema.h"

using namespace evodb;
using namespace evodb::testing;
using pt = physical_type;

BOOST_AUTO_TEST_SUITE(portable_columns)

namespace {

std::string outcome_of(const file_facts &facts) {
  try {
    to_iceberg_fields(read_footer(build_footer(facts), "f"), "f");
    return "fine";
  } catch (const error &e) {
    BOOST_CHECK(e.code() == status::UNSUPPORTED);
    return e.message();
  }
}

std::string outcome_of(std::vector<node> columns) {
  file_facts facts;
  facts.columns = std::move(columns);
  return outcome_of(facts);
}

void refused(std::vector<node> columns, std::string_view why) {
  const std::string outcome = outcome_of(std::move(columns));
  BOOST_TEST(outcome.find(why) != std::string::npos, outcome);
}

node repeated_group(std::string name, std::vector<node> children) {
  return group(std::move(name), std::move(children), {.repetition = repetition::repeated});
}

}  // namespace

BOOST_AUTO_TEST_CASE(names_that_differ_by_case_alone) {
  refused({leaf("a", pt::int32), leaf("A", pt::int32)}, "column A of f: DuckDB takes it for a, which differs by case");
  BOOST_TEST(outcome_of({leaf("a", pt::int32, {.id = 1}), leaf("A", pt::int32, {.id = 2})}) == "fine");
  const node within = group("s", {leaf("a", pt::int32, {.id = 2}), leaf("A", pt::int32, {.id = 3})}, {.id = 1});
  refused({within}, "column s.A of f: DuckDB takes it for s.a");
  BOOST_TEST(outcome_of({leaf("\xc3\x84", pt::int32), leaf("\xc3\xa4", pt::int32)}) == "fine");
}

BOOST_AUTO_TEST_CASE(names_that_are_none) {
  refused({leaf("", pt::int32)}, "its name is empty");
  refused({group("s", {leaf("", pt::int32)})}, "column s. of f: its name is empty");
  refused({leaf(std::string("a\0b", 3), pt::int32)}, "zero byte");
  refused({leaf("a", pt::int32), leaf("a", pt::int32)}, "two columns have this name");
  for (const char *name :
       {"_file", "_pos", "_deleted", "_spec_id", "_partition", "_row_id", "_last_updated_sequence_number"}) {
    refused({leaf("a", pt::int32), leaf(name, pt::int32)}, "Spark reserves the name for a metadata column: rename it");
    BOOST_TEST(outcome_of({group("s", {leaf(name, pt::int32)})}) == "fine");
  }
  BOOST_TEST(outcome_of({leaf("_metadata", pt::int32), leaf("_change_type", pt::int32)}) == "fine");
  BOOST_TEST(outcome_of({leaf("a.b\t#?/", pt::int32)}) == "fine");
}

BOOST_AUTO_TEST_CASE(layouts_that_are_found_by_name) {
  const auto list = [](std::optional<int> id, std::optional<int> element_id) {
    return group("l", {repeated_group("bag", {leaf("array_element", pt::int32, {.id = element_id})})},
                 {.id = id, .logical = logical(list_logical)});
  };
  refused({list({}, {})},
          "column l of f: a list whose repeated field is called bag, which DuckDB finds nothing in: call it list");
  BOOST_TEST(outcome_of({list(1, 2)}) == "fine");
  const auto map = [](std::optional<int> id, std::optional<int> key_id, std::optional<int> value_id) {
    return group("m",
                 {repeated_group("map", {leaf("key", pt::int32, {.id = key_id, .repetition = repetition::required}),
                                         leaf("value", pt::int32, {.id = value_id})})},
                 {.id = id, .logical = logical(map_logical)});
  };
  refused({map({}, {}, {})},
          "a map whose repeated field is called map, which DuckDB finds nothing in: call it key_value");
  BOOST_TEST(outcome_of({map(1, 2, 3)}) == "fine");
}

BOOST_AUTO_TEST_CASE(pages_that_some_engine_cannot_read) {
  const auto outcome = [](pt physical, chunk_facts chunk, std::optional<compact_struct> annotation = {}) {
    file_facts facts;
    facts.columns = {leaf("c", physical, {.logical = std::move(annotation)})};
    facts.groups = {{10, {{}}}, {10, {std::move(chunk)}}};
    return outcome_of(facts);
  };
  for (const int codec : {0, 1, 2, 6, 7}) BOOST_TEST(outcome(pt::int32, {.codec = codec}) == "fine");
  const std::map<int, std::string> refused{
      {3, "LZO"}, {4, "brotli"}, {5, "Hadoop's LZ4"}, {8, "a later"}, {-1, "a later"}};
  for (const auto &[codec, why] : refused) {
    const std::string said = outcome(pt::int32, {.codec = codec});
    BOOST_TEST(said.starts_with("column c of f: compressed "), said);
    BOOST_TEST(said.find(why) != std::string::npos, said);
  }

  constexpr int byte_stream_split = 9, later = 10, negative = -1, beyond_the_bits = 1000;
  for (const int encoding : {0, 2, 3, 4, 5, 6, 7, 8})
    BOOST_TEST(outcome(pt::int32, {.encodings = {0, encoding}}) == "fine");
  for (const pt physical : {pt::float32, pt::float64})
    BOOST_TEST(outcome(physical, {.encodings = {3, byte_stream_split}}) == "fine");
  const std::string split = outcome(pt::int64, {.encodings = {3, byte_stream_split}});
  BOOST_TEST(split.find("BYTE_STREAM_SPLIT and no float or double, which DuckDB cannot read") != std::string::npos,
             split);
  for (const int dictionary : {2, 8}) {
    const auto of = [&](time_unit unit) {
      return outcome(pt::int64, {.encodings = {0, 3, dictionary}}, time_logical(8, unit, false));
    };
    BOOST_TEST(
        of(time_unit::millis).find("in milliseconds with a dictionary, which Spark reads as") != std::string::npos,
        of(time_unit::millis));
    BOOST_TEST(of(time_unit::micros) == "fine");
  }
  BOOST_TEST(outcome(pt::int64, {.encodings = {0, 3}}, time_logical(8, time_unit::millis, false)) == "fine");
  BOOST_TEST(outcome(pt::boolean, {.encodings = {0, 3}}) == "fine");
  BOOST_TEST(outcome(pt::boolean, {.values = 0, .encodings = {3}}) == "fine");
  const std::string runs = outcome(pt::boolean, {.encodings = {3}});
  BOOST_TEST(runs.find("booleans in runs, which Spark cannot read: write them plain") != std::string::npos, runs);
  for (const int encoding : {1, later, negative, beyond_the_bits}) {
    const std::string said = outcome(pt::float32, {.encodings = {encoding}});
    BOOST_TEST(said.find("encoding of a later") != std::string::npos, said);
  }
}

BOOST_AUTO_TEST_CASE(files_without_columns) {
  BOOST_TEST(outcome_of(std::vector<node>()) == "f has no columns, which DuckDB cannot read: write it with one");
}

BOOST_AUTO_TEST_SUITE_END()
