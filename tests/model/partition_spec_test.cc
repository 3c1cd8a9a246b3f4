#include "model/partition_spec.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(partition_spec_test)

namespace {

field make(const char *name, const char *type_text) {
  field f;
  f.name = name;
  f.type = type::parse(type_text);
  return f;
}

const schema &flights() {
  static const schema s = [] {
    std::int32_t next_id = 1;
    return schema(0, assign_fresh_ids({make("id", "long"), make("time_hour", "timestamptz"), make("region", "string"),
                                       make("loc", "struct<code: string>"), make("tags", "list<string>"),
                                       make("raw.name", "string"), make("price", "decimal(9,2)"),
                                       make("data", "binary"), make("f", "double"), make("id_bucket2", "int")},
                                      next_id));
  }();
  return s;
}

partition_spec parse(const char *text) {
  return parse_partition_spec(text, flights());
}

std::string shown(const partition_spec &spec) {
  std::string text;
  for (const partition_field &f : spec.fields) {
    text += fmt::format("{}:{}={}({}) ", f.field_id, f.name, f.transform.to_text(), flights().full_name(f.source_id()));
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(texts) {
  BOOST_TEST(shown(parse("month(time_hour), bucket(16, id) AS shard, region")) ==
             "1000:time_hour_month=month(time_hour) 1001:shard=bucket[16](id) 1002:region=identity(region) ");
  BOOST_TEST(shown(parse("  YEAR( time_hour )as y ,truncate(3,region)")) ==
             "1000:y=year(time_hour) 1001:region_trunc=truncate[3](region) ");
  BOOST_TEST(shown(parse("bucket(4, id), void(price), day(time_hour)")) ==
             "1000:id_bucket=bucket[4](id) 1001:price_null=void(price) 1002:time_hour_day=day(time_hour) ");
  BOOST_TEST(shown(parse("loc.code")) == "1000:loc.code=identity(loc.code) ");
  BOOST_TEST(shown(parse("hour(time_hour)")) == "1000:time_hour_hour=hour(time_hour) ");
  BOOST_TEST(shown(parse("\"loc\".\"code\" as \"the code\"")) == "1000:the code=identity(loc.code) ");
  BOOST_TEST(shown(parse("\"raw.name\"")) == "1000:raw.name=identity(raw.name) ");
  BOOST_TEST(shown(parse("bucket(2, \"raw.name\")")) == "1000:raw.name_bucket=bucket[2](raw.name) ");
  BOOST_TEST(shown(parse("identity(region)")) == "1000:region=identity(region) ");
  BOOST_TEST(parse("  ").fields.empty());
  BOOST_TEST(parse_partition_spec("region", flights(), 5).spec_id == 5);
}

BOOST_AUTO_TEST_CASE(errors_point_at_the_character) {
  const std::pair<const char *, const char *> cases[] = {
      {"nothing", "unknown column nothing at character 1"},
      {"region, month(nothing)", "unknown column nothing at character 15"},
      {"\"loc.code\"", "unknown column loc.code at character 1"},
      {"zorder(id)",
       "unknown transform (there are year, month, day, hour, bucket(n, column), truncate(width, column) and void) at "
       "character 1"},
      {"region,", "expected a name at character 8"},
      {",region", "expected a name at character 1"},
      {"region id", "expected the end at character 8"},
      {"month(time_hour", "expected ')' at character 16"},
      {"bucket()", "expected a number at character 8"},
      {"bucket(id)", "the number comes first: bucket(16, id) at character 1"},
      {"region, truncate( \"raw.name\" , 8)", "the number comes first: truncate(8, \"raw.name\") at character 9"},
      {"REGION", "unknown column REGION (there is region: case counts) at character 1"},
      {"month(Time_Hour)", "unknown column Time_Hour (there is time_hour: case counts) at character 7"},
      {"bucket(0, id)", "not positive at character 1"},
      {"bucket(16 id)", "expected ',' at character 11"},
      {"bucket(99999999999, id)", "too large at character 8"},
      {"region AS", "expected a name at character 10"},
      {"region AS \"x", "not closed at character 11"},
      {"id, month(region)", "does not take a column of type string: 'region_month' at character 5"},
      {"loc", "does not take a column of type struct"},
      {"void(loc)", "transform void does not take a column of type struct"},
      {"void(tags)", "transform void does not take a column of type list"},
      {"tags.element", "inside a list or map"},
      {"bucket(2, f)", "does not take a column of type double"},
      {"region, region", "redundant beside region at character 9"},
      {"day(time_hour), hour(time_hour)", "redundant beside time_hour_day at character 17"},
      {"bucket(2, id), bucket(4, id)", "two partition fields have one name: 'id_bucket' at character 16"},
      {"bucket(2, id) AS region", "has the name of a column: 'region' at character 1"},
      {"region AS id", "has the name of a column: 'id' at character 1"},
      {"bucket(2, id) AS id_bucket2", "has the name of a column"},
  };
  for (const auto &[text, part] : cases) {
    BOOST_TEST_CONTEXT(text) {
      CHECK_FAILS(parse(text), status::INVALID_ARGUMENT, part);
    }
  }
}

BOOST_AUTO_TEST_CASE(names_a_column_may_lend) {
  partition_spec spec = parse("region");
  check_partition_spec(spec, flights());
  spec.fields[0].transform = transform::parse("void");  // how version 1 drops a field
  check_partition_spec(spec, flights());
  spec.fields[0].transform = transform::parse("bucket[2]");
  CHECK_FAILS(check_partition_spec(spec, flights()), status::INVALID_ARGUMENT, "name of a column");
}

BOOST_AUTO_TEST_CASE(checks_of_a_writer) {
  const auto refused = [](auto &&change, const char *part) {
    partition_spec spec = parse("bucket(2, id), region");
    change(spec);
    CHECK_FAILS(check_partition_spec(spec, flights()), status::INVALID_ARGUMENT, part);
  };
  refused([](partition_spec &s) { s.fields[0].transform = transform::parse("zorder"); }, "unknown transform zorder");
  refused([](partition_spec &s) { s.fields[0].source_ids = {99}; }, "source column 99 does not exist");
  refused([](partition_spec &s) { s.fields[0].source_ids = {}; }, "one source column");
  refused([](partition_spec &s) { s.fields[0].source_ids = {1, 2}; }, "one source column");
  refused([](partition_spec &s) { s.fields[0].name.clear(); }, "empty name");
  refused([](partition_spec &s) { s.fields[0].name = "caf\xe9"; }, "not UTF-8");
  refused([](partition_spec &s) { s.fields[1].field_id = 1000; }, "1000 is used twice");
  partition_spec dropped = parse("void(id)");
  dropped.fields[0].source_ids = {99};
  check_partition_spec(dropped, flights());
}

BOOST_AUTO_TEST_CASE(fields_that_the_table_has_already) {
  partition_spec spec = parse("bucket(2, id), region");
  spec.fields[0].transform = transform::parse("zorder");
  spec.fields[1].source_ids = {99};
  std::vector<partition_spec> earlier{partition_spec(), spec};
  check_partition_spec(spec, flights(), earlier);
  spec.fields[0].name = "z";
  check_partition_spec(spec, flights(), earlier);
  spec.fields[0].name = "id";
  CHECK_FAILS(check_partition_spec(spec, flights(), earlier), status::INVALID_ARGUMENT, "name of a column");
  earlier[1] = spec;
  check_partition_spec(spec, flights(), earlier);
  spec.fields[0].field_id = 1007;
  CHECK_FAILS(check_partition_spec(spec, flights(), earlier), status::INVALID_ARGUMENT, "unknown transform zorder");
}

BOOST_AUTO_TEST_CASE(one_field) {
  BOOST_TEST(parse_partition_field(" bucket(16, id) AS \"the shard\" ", flights()).name == "the shard");
  BOOST_TEST(parse_partition_field("bucket(16, id)", flights()).name.empty());
  CHECK_FAILS(parse_partition_field("id, region", flights()), status::INVALID_ARGUMENT, "at character 3");
  CHECK_FAILS(parse_partition_field("", flights()), status::INVALID_ARGUMENT, "expected a name");
}

BOOST_AUTO_TEST_CASE(paths) {
  const partition_spec spec = parse("month(time_hour), bucket(16, id), region, data, price");
  BOOST_TEST(spec.partition_path(flights(), {std::int32_t{522}, std::int32_t{3}, std::string("a b/c=\u00e9~.-*_"),
                                             std::string("\1\2\3"), int128{-5}}) ==
             "time_hour_month=2013-07/id_bucket=3/region=a+b%2Fc%3D%C3%A9%7E.-*_/data=AQID/price=-0.05");
  BOOST_TEST(spec.partition_path(flights(), {null_value{}, null_value{}, null_value{}, null_value{}, null_value{}}) ==
             "time_hour_month=null/id_bucket=null/region=null/data=null/price=null");
  BOOST_TEST(spec.partition_path(flights(), {std::nullopt, std::int32_t{3}, std::nullopt, std::nullopt, int128{-5}}) ==
             "id_bucket=3/price=-0.05");  // what is not known is left out
  BOOST_TEST(parse("").partition_path(flights(), {}) == "");
  BOOST_TEST(parse("region AS \"a b\"").partition_path(flights(), {std::string("null")}) == "a+b=null");
  BOOST_TEST(parse("time_hour").partition_path(flights(), {std::int64_t{1'372'655'100'500'000}}) ==
             "time_hour=2013-07-01T05%3A05%3A00.5%2B00%3A00");
  CHECK_FAILS(spec.partition_path(flights(), {}), status::INVALID_ARGUMENT, "0 values");
  CHECK_FAILS(parse("region").partition_path(flights(), {std::int32_t{1}}), status::INVALID_ARGUMENT, "string");
}

BOOST_AUTO_TEST_CASE(result_types) {
  const partition_spec spec = parse("day(time_hour), bucket(16, id), price");
  BOOST_TEST(spec.result_type(spec.fields[0], flights()).to_text() == "date");
  BOOST_TEST(spec.result_type(spec.fields[1], flights()).to_text() == "int");
  BOOST_TEST(spec.result_type(spec.fields[2], flights()).to_text() == "decimal(9,2)");
  const schema without(1, {});
  BOOST_TEST(spec.result_type(spec.fields[0], without).to_text() == "date");
  BOOST_TEST(spec.result_type(spec.fields[2], without).to_text() == "unknown");
}

BOOST_AUTO_TEST_CASE(unpartitioned) {
  BOOST_TEST(parse("").is_unpartitioned());
  BOOST_TEST(parse("void(id)").is_unpartitioned());
  BOOST_TEST(!parse("void(id), region").is_unpartitioned());
}

BOOST_AUTO_TEST_SUITE_END()
