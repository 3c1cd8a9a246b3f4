#include "codec/single_value_json.h"

#include <bit>
#include <cmath>
#include <random>

#include "codec/schema_json.h"
#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(single_value_json)

namespace {

std::string written(const type &t, const value &v) {
  std::string out;
  json_writer to(out);
  write_single_value(to, t, v);
  return out;
}

value read(const std::string &type_text, const std::string &json) {
  return read_single_value_text(type::parse(type_text), json, "default");
}

template <typename Float>
Float random_float(std::mt19937_64 &random) {
  using bits = std::conditional_t<sizeof(Float) == 8, std::uint64_t, std::uint32_t>;
  const auto drawn = std::bit_cast<Float>(static_cast<bits>(random()));
  return std::isfinite(drawn) ? drawn : Float{};
}

/// A schema of one column of the type, by way of its JSON text; the number of values whose bits have changed.
template <typename Float>
int count_changed_defaults(type_kind kind, int rounds) {
  std::mt19937_64 random(20260101);
  int changed = 0;
  for (int round = 0; round < rounds; ++round) {
    field f;
    f.id = 1;
    f.name = "x";
    f.type = kind;
    f.initial_default = random_float<Float>(random);
    f.write_default = random_float<Float>(random);
    const std::string text = write_schema_text(schema(0, {f}));
    const field back = read_schema_fields_text(text, "schema").fields.at(0);
    for (auto which : {&field::initial_default, &field::write_default}) {
      using bits = std::conditional_t<sizeof(Float) == 8, std::uint64_t, std::uint32_t>;
      changed +=
          std::bit_cast<bits>(std::get<Float>(*(f.*which))) != std::bit_cast<bits>(std::get<Float>(*(back.*which)));
    }
  }
  return changed;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_type_is_written_as_the_spec_says_and_read_back) {
  const struct {
    const char *type;
    value held;
    const char *json;
  } cases[] = {
      {"boolean", true, "true"},
      {"int", std::int32_t{-34}, "-34"},
      {"long", std::numeric_limits<std::int64_t>::min(), "-9223372036854775808"},
      {"float", 1.5f, "1.5"},
      {"float", 16777216.0f, "16777216.0"},
      {"double", -0.0, "-0.0"},
      {"double", 1e300, "1e+300"},
      {"double", INFINITY * 1.0, "\"Infinity\""},
      {"float", -INFINITY, "\"-Infinity\""},
      {"decimal(9,2)", int128{1420}, "\"14.20\""},
      {"decimal(38,0)", -power_of_ten(37), "\"-10000000000000000000000000000000000000\""},
      {"date", std::int32_t{17486}, "\"2017-11-16\""},
      {"time", std::int64_t{81068123456}, "\"22:31:08.123456\""},
      {"timestamp", std::int64_t{1510871468123456}, "\"2017-11-16T22:31:08.123456\""},
      {"timestamptz", std::int64_t{1510871468123456}, "\"2017-11-16T22:31:08.123456+00:00\""},
      {"timestamp_ns", std::int64_t{1510871468123456789}, "\"2017-11-16T22:31:08.123456789\""},
      {"timestamptz_ns", std::int64_t{1510871468123456789}, "\"2017-11-16T22:31:08.123456789+00:00\""},
      {"string", std::string("i\"ceberg\n"), R"("i\"ceberg\u000a")"},
      {"uuid", std::string("\xf7\x9c\x3e\x09\x67\x7c\x4b\xbd\xa4\x79\x3f\x34\x9c\xb7\x85\xe7"),
       "\"f79c3e09-677c-4bbd-a479-3f349cb785e7\""},
      {"fixed[4]", std::string("\x00\x01\x02\xff", 4), "\"000102ff\""},
      {"binary", std::string(), "\"\""},
      {"struct<a: int>", struct_default(), "{}"},
      {"string", null_value(), "null"},
      {"list<int>", null_value(), "null"},
      {"variant", null_value(), "null"},
  };
  for (const auto &c : cases) {
    BOOST_TEST_CONTEXT(c.type << ' ' << c.json) {
      BOOST_TEST(written(type::parse(c.type), c.held) == c.json);
      BOOST_CHECK(read(c.type, c.json) == c.held);
    }
  }
  BOOST_TEST(std::isnan(std::get<double>(read("double", "\"NaN\""))));
  BOOST_TEST(written(type_kind::float32, std::copysign(std::nanf(""), -1.0f)) == "\"NaN\"");
  BOOST_TEST(std::get<double>(read("double", "5")) == 5.0);
  BOOST_CHECK(read("fixed[2]", "\"Ab0F\"") == value(std::string("\xab\x0f")));
}

BOOST_AUTO_TEST_CASE(what_is_no_value_of_the_type_is_refused) {
  const struct {
    const char *type;
    const char *json;
    const char *part;
  } cases[] = {
      {"boolean", "1", "expected true or false"},
      {"boolean", "\"true\"", "expected true or false"},
      {"int", "2147483648", "32 bits"},
      {"int", "\"1\"", "32 bits"},
      {"int", "1.0", "32 bits"},
      {"long", "9223372036854775808", "64 bits"},
      {"float", "1e39", "out of range"},
      {"double", "1e400", "out of range"},
      {"double", "\"nan\"", "expected a number"},
      {"double", "\"1.5\"", "expected a number"},
      {"double", "true", "expected a number"},
      {"decimal(9,2)", "14.20", "expected a string"},
      {"decimal(9,2)", "\"14.201\"", "$: "},
      {"decimal(3,2)", "\"14.20\"", "$: "},
      {"date", "17486", "expected a string"},
      {"date", "\"2017-02-30\"", "$: "},
      {"time", "\"25:00\"", "$: "},
      {"timestamp", "\"2017-11-16T22:31:08+00:00\"", "has no zone"},
      {"timestamp", "\"2017-11-16T22:31:08.1234567\"", "$: "},
      {"string", "1", "expected a string"},
      {"uuid", "\"f79c3e09-677c-4bbd-a479\"", "$: "},
      {"fixed[4]", "\"0001\"", "fixed[4]"},
      {"binary", "\"0g\"", "$: "},
      {"binary", "\"012\"", "$: "},
      {"struct<a: int>", "{\"1\": 5}", "null or {}"},
      {"struct<a: int>", "5", "expected an object"},
      {"list<int>", "[1]", "can only be null"},
      {"map<int, int>", "{}", "can only be null"},
      {"unknown", "1", "can only be null"},
      {"variant", "1", "can only be null"},
      {"geometry", "\"00\"", "can only be null"},
      {"geography", "\"00\"", "can only be null"},
      {"int", "", "not JSON"},
  };
  for (const auto &c : cases) {
    BOOST_TEST_CONTEXT(c.type << ' ' << c.json) {
      CHECK_FAILS(read(c.type, c.json), status::INVALID_ARGUMENT, c.part);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_value_of_another_type_is_not_written) {
  CHECK_FAILS(written(type_kind::int32, 1.5), status::INVALID_ARGUMENT);
  CHECK_FAILS(written(type_kind::string, true), status::INVALID_ARGUMENT);
  CHECK_FAILS(written(type_kind::variant, std::int32_t{1}), status::INVALID_ARGUMENT);
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_random_doubles_and_floats_keep_their_bits_as_defaults) {
  BOOST_TEST(count_changed_defaults<double>(type_kind::float64, 50'000) == 0);
  BOOST_TEST(count_changed_defaults<float>(type_kind::float32, 50'000) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
