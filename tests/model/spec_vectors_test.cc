// The tables of the Iceberg specification's appendices B (hashes) and D (single values).

#include <boost/test/unit_test.hpp>

#include "base/hash.h"
#include "base/little_endian.h"
#include "failure.h"
#include "model/schema.h"
#include "model/transform.h"
#include "model/value.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(spec_vectors_test)

namespace {

constexpr std::int32_t every_bucket = 0x7fffffff;

/// What the bucket transform makes of the value when it keeps every bit of the hash that it can.
std::int32_t bucket(const type &t, const value &v) {
  return std::get<std::int32_t>(transform{transform::kind::bucket, every_bucket, {}}.apply(t, v));
}

std::int32_t bucket_of(std::int32_t hash) {
  return (hash & 0x7fffffff) % every_bucket;
}

bytes octets(const char *hex) {
  return from_hex(hex);
}

}  // namespace

BOOST_AUTO_TEST_CASE(appendix_b_hashes) {
  struct vector {
    type of;
    const char *text;
    std::int32_t hash;
  };
  const vector vectors[] = {
      {type_kind::int32, "34", 2017239379},
      {type_kind::int64, "34", 2017239379},
      {type::decimal(9, 2), "14.20", -500754589},
      {type_kind::date, "2017-11-16", -653330422},
      {type_kind::time, "22:31:08", -662762989},
      {type_kind::timestamp, "2017-11-16T22:31:08", -2047944441},
      {type_kind::timestamp, "2017-11-16T22:31:08.000001", -1207196810},
      {type_kind::timestamptz, "2017-11-16T14:31:08-08:00", -2047944441},
      {type_kind::timestamptz, "2017-11-16T14:31:08.000001-08:00", -1207196810},
      {type_kind::timestamp_ns, "2017-11-16T22:31:08", -2047944441},
      {type_kind::timestamp_ns, "2017-11-16T22:31:08.000001001", -1207196810},
      {type_kind::timestamptz_ns, "2017-11-16T14:31:08-08:00", -2047944441},
      {type_kind::timestamptz_ns, "2017-11-16T14:31:08.000001001-08:00", -1207196810},
      {type_kind::string, "iceberg", 1210000089},
      {type_kind::uuid, "f79c3e09-677c-4bbd-a479-3f349cb785e7", 1488055340},
      {type::fixed(4), "00010203", -188683207},
      {type_kind::binary, "00010203", -188683207},
  };
  for (const vector &v : vectors) {
    BOOST_TEST_CONTEXT(v.of.to_text() << " " << v.text) {
      BOOST_TEST(bucket(v.of, value_from_text(v.of, v.text)) == bucket_of(v.hash));
    }
  }
}

BOOST_AUTO_TEST_CASE(dates_are_hashed_as_longs) {
  // The specification writes hashInt, whose four octets would give another value than its own vector.
  bytes four, eight;
  append_le(four, std::int32_t{17486});
  append_le(eight, std::int64_t{17486});
  BOOST_TEST(murmur3(four) == 1087118125);
  BOOST_TEST(murmur3(eight) == -653330422);
}

BOOST_AUTO_TEST_CASE(hashes_that_no_transform_uses) {
  const auto hash_long = [](std::int64_t v) {
    return murmur3(byte_view(reinterpret_cast<const char *>(&v), sizeof(v)));
  };
  BOOST_TEST(hash_long(1) == 1392991556);  // true
  BOOST_TEST(hash_long(std::bit_cast<std::int64_t>(1.0)) == -142385009);
  BOOST_TEST(hash_long(std::bit_cast<std::int64_t>(0.0)) == 1669671676);
}

BOOST_AUTO_TEST_CASE(nanoseconds_before_1970_are_floored_to_microseconds) {
  BOOST_TEST(bucket(type_kind::timestamp_ns, std::int64_t{-1}) == bucket(type_kind::timestamp, std::int64_t{-1}));
  BOOST_TEST(bucket(type_kind::timestamp_ns, std::int64_t{-1000}) == bucket(type_kind::timestamp, std::int64_t{-1}));
  BOOST_TEST(bucket(type_kind::timestamp_ns, std::int64_t{-1001}) == bucket(type_kind::timestamp, std::int64_t{-2}));
}

BOOST_AUTO_TEST_CASE(appendix_d_single_values) {
  struct vector {
    type of;
    const char *text;
    const char *hex;
  };
  const vector vectors[] = {
      {type_kind::boolean, "false", "00"},
      {type_kind::boolean, "true", "01"},
      {type_kind::int32, "1234", "d2040000"},
      {type_kind::int32, "-1", "ffffffff"},
      {type_kind::int64, "1234", "d204000000000000"},
      {type_kind::float32, "-4.5", "000090c0"},
      {type_kind::float64, "6", "0000000000001840"},
      {type_kind::float64, "-0.0", "0000000000000080"},
      {type_kind::date, "1970-01-11", "0a000000"},
      {type_kind::date, "1969-12-31", "ffffffff"},
      {type_kind::time, "00:00:00.0001", "6400000000000000"},
      {type_kind::timestamp, "1970-01-01T00:00:00.4", "801a060000000000"},
      {type_kind::timestamptz, "1969-12-31T23:59:59.999999Z", "ffffffffffffffff"},
      {type_kind::timestamp_ns, "1970-01-01T00:00:00.0000004", "9001000000000000"},
      {type_kind::string, "ABC", "414243"},
      {type_kind::string, "", ""},
      {type_kind::uuid, "f79c3e09-677c-4bbd-a479-3f349cb785e7", "f79c3e09677c4bbda4793f349cb785e7"},
      {type::fixed(2), "abcd", "abcd"},
      {type_kind::binary, "ff", "ff"},
      {type::decimal(9, 2), "14.20", "058c"},
      {type::decimal(9, 2), "1.28", "0080"},
      {type::decimal(9, 2), "-1.28", "80"},
      {type::decimal(9, 2), "0", "00"},
  };
  for (const vector &v : vectors) {
    BOOST_TEST_CONTEXT(v.of.to_text() << " " << v.text) {
      const value read = value_from_text(v.of, v.text);
      BOOST_TEST(to_hex(to_single_value(v.of, read)) == v.hex);
      BOOST_TEST(bool(compare(v.of, from_single_value(v.of, octets(v.hex)), read) == 0));
    }
  }
  BOOST_TEST(std::get<bool>(from_single_value(type_kind::boolean, "\x02")));  // any other octet is true
}

BOOST_AUTO_TEST_CASE(bounds_from_before_a_promotion) {
  BOOST_TEST(std::get<std::int64_t>(from_single_value(type_kind::int64, octets("feffffff"))) == -2);
  BOOST_TEST(std::get<double>(from_single_value(type_kind::float64, octets("000090c0"))) == -4.5);
  BOOST_TEST(std::get<std::int64_t>(from_single_value(type_kind::timestamp, octets("ffffffff"))) == -86'400'000'000);
  BOOST_TEST(std::get<std::int64_t>(from_single_value(type_kind::timestamp_ns, octets("01000000"))) ==
             86'400'000'000'000);
  BOOST_TEST(bool(std::get<int128>(from_single_value(type::decimal(38, 2), octets("0000058c"))) == 1420));
}

BOOST_AUTO_TEST_CASE(single_values_of_a_wrong_length) {
  struct wrong {
    type of;
    const char *hex;
  };
  const wrong cases[] = {
      {type_kind::boolean, ""},
      {type_kind::boolean, "0101"},
      {type_kind::int32, "0102"},
      {type_kind::int32, "0000000000000000"},
      {type_kind::int64, ""},
      {type_kind::int64, "010203"},
      {type_kind::float32, "0000000000000000"},
      {type_kind::float64, "00"},
      {type_kind::date, "0000000000000000"},
      {type_kind::time, "00000000"},
      {type_kind::timestamptz, "00000000"},
      {type_kind::timestamptz_ns, "00000000"},
      {type_kind::timestamp, "00"},
      {type::decimal(9, 2), ""},
      {type::decimal(9, 2), "0000000000000000000000000000000000"},
      {type_kind::uuid, "00"},
      {type::fixed(2), "000000"},
      {type_kind::unknown, "00"},
      {type_kind::variant, "00"},
      {type::list(field{}), "00"},
  };
  for (const wrong &w : cases) {
    BOOST_TEST_CONTEXT(w.of.to_text() << " " << w.hex) {
      CHECK_FAILS(from_single_value(w.of, octets(w.hex)), status::CORRUPT, "of type");
      const bool is_wide_int = (w.of.is(type_kind::int32) || w.of.is(type_kind::date)) && octets(w.hex).size() == 8;
      BOOST_TEST(bound_from_single_value(w.of, octets(w.hex)).has_value() == is_wide_int);
    }
  }
  CHECK_FAILS(from_single_value(type_kind::timestamp_ns, octets("ffffff7f")), status::CORRUPT, "out of range");
  CHECK_FAILS(to_single_value(type_kind::int32, null_value{}), status::INVALID_ARGUMENT, "int");
  CHECK_FAILS(to_single_value(type_kind::int32, std::int64_t{1}), status::INVALID_ARGUMENT, "int");
  CHECK_FAILS(to_single_value(type_kind::variant, std::string("x")), status::INVALID_ARGUMENT, "variant");
}

BOOST_AUTO_TEST_SUITE_END()
