#include "codec/partition_json.h"

#include "failure.h"

using namespace evodb;

namespace {

struct partitioned {
  partition_spec spec;
  std::vector<type> types{type_kind::date, type_kind::int32, type_kind::string};

  partitioned() {
    std::int32_t id = 1000;
    for (const auto &[name, text] :
         {std::pair("day", "day"), std::pair("shard", "bucket[4]"), std::pair("re\"gion", "identity")}) {
      partition_field f;
      f.source_ids = {1};
      f.field_id = id++;
      f.name = name;
      f.transform = transform::parse(text);
      spec.fields.push_back(f);
    }
  }
  std::vector<value> read(const std::string &json) const { return read_partition_json(spec, types, json, "partition"); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(partition_json, partitioned)

BOOST_AUTO_TEST_CASE(partitions_round_trip_in_any_order_of_keys) {
  const std::vector<value> values{std::int32_t{15887}, std::int32_t{3}, null_value()};
  const std::string text = write_partition_json(spec, types, {values.begin(), values.end()});
  BOOST_TEST(text == R"({"day":"2013-07-01","shard":3,"re\"gion":null})");
  BOOST_CHECK(read(text) == values);
  BOOST_CHECK(read(R"({"re\"gion":null,"shard":3,"day":"2013-07-01"})") == values);
}

BOOST_AUTO_TEST_CASE(values_that_are_not_known_are_left_out) {
  BOOST_TEST(write_partition_json(spec, types, {std::nullopt, std::int32_t{3}, std::nullopt}) == R"({"shard":3})");
  BOOST_TEST(write_partition_json(spec, types, {{}, {}, {}}) == "{}");
}

BOOST_AUTO_TEST_CASE(an_empty_text_is_the_empty_partition) {
  BOOST_TEST(read_partition_json(partition_spec(), {}, "", "partition").empty());
  CHECK_FAILS(read(""), status::INVALID_ARGUMENT, "$: lacks the partition field day");
}

BOOST_AUTO_TEST_CASE(every_field_must_be_there_and_no_other) {
  CHECK_FAILS(read(R"({"day":"2013-07-01","re\"gion":null})"), status::INVALID_ARGUMENT,
              "lacks the partition field shard");
  CHECK_FAILS(read(R"({"day":"2013-07-01","shard":3,"re\"gion":"x","year":2013})"), status::INVALID_ARGUMENT,
              "the table has no partition field year");
  CHECK_FAILS(read(R"({"day":"July","shard":3,"re\"gion":"x"})"), status::INVALID_ARGUMENT, "$.day: ");
  CHECK_FAILS(read(R"({"day":null,"shard":"3","re\"gion":"x"})"), status::INVALID_ARGUMENT,
              "$.shard: expected an integer");
  CHECK_FAILS(read("[]"), status::INVALID_ARGUMENT, "$: expected an object");
}

BOOST_AUTO_TEST_SUITE_END()
