#include "base/int128.h"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(int128_test)

namespace {

constexpr int128 highest = static_cast<int128>(~uint128{0} >> 1);
constexpr int128 lowest = -highest - 1;

std::string be(int128 value) {
  return to_hex(to_big_endian(value));
}
int128 from_be(const char *hex) {
  return int128_from_big_endian(from_hex(hex));
}

}  // namespace

BOOST_AUTO_TEST_CASE(shortest_big_endian) {
  BOOST_TEST(be(0) == "00");
  BOOST_TEST(be(1) == "01");
  BOOST_TEST(be(-1) == "ff");
  BOOST_TEST(be(127) == "7f");
  BOOST_TEST(be(128) == "0080");
  BOOST_TEST(be(-128) == "80");
  BOOST_TEST(be(-129) == "ff7f");
  BOOST_TEST(be(1420) == "058c");
  BOOST_TEST(be(highest) == "7fffffffffffffffffffffffffffffff");
  BOOST_TEST(be(lowest) == "80000000000000000000000000000000");
}

BOOST_AUTO_TEST_CASE(big_endian_of_any_length) {
  BOOST_TEST(bool(from_be("058c") == 1420));
  BOOST_TEST(bool(from_be("0000058c") == 1420));
  BOOST_TEST(bool(from_be("ffffff7f") == -129));
  BOOST_TEST(bool(from_be("ffffffffffffffffffffffffffffffffffff7f") == -129));
  BOOST_TEST(bool(from_be("000000000000000000000000000000000000058c") == 1420));
  BOOST_TEST(bool(from_be("007fffffffffffffffffffffffffffffff") == highest));
}

BOOST_AUTO_TEST_CASE(big_endian_that_is_none) {
  CHECK_FAILS(int128_from_big_endian(""), status::CORRUPT);
  CHECK_FAILS(from_be("0080000000000000000000000000000000"), status::CORRUPT, "17 bytes");
  CHECK_FAILS(from_be("ff7fffffffffffffffffffffffffffffff"), status::CORRUPT);
  CHECK_FAILS(from_be("0100000000000000000000000000000000"), status::CORRUPT);
}

BOOST_AUTO_TEST_CASE(decimal_text) {
  BOOST_TEST(decimal_to_text(1420, 2) == "14.20");
  BOOST_TEST(decimal_to_text(-5, 2) == "-0.05");
  BOOST_TEST(decimal_to_text(0, 0) == "0");
  BOOST_TEST(decimal_to_text(0, 3) == "0.000");
  BOOST_TEST(decimal_to_text(7, 0) == "7");
  BOOST_TEST(decimal_to_text(lowest, 0) == "-170141183460469231731687303715884105728");
  BOOST_TEST(decimal_to_text(power_of_ten(38) - 1, 38) == "0.99999999999999999999999999999999999999");
}

BOOST_AUTO_TEST_CASE(decimal_from_any_notation) {
  for (const char *text : {"14.2", "14.20", "+14.200", "0014.2", "1.42e1", "142E-1", "14.2e+0", "1420000e-5"}) {
    BOOST_TEST(bool(decimal_from_text(text, 9, 2) == 1420), text);
  }
  BOOST_TEST(bool(decimal_from_text("-.5", 3, 1) == -5));
  BOOST_TEST(bool(decimal_from_text("5.", 3, 1) == 50));
  BOOST_TEST(bool(decimal_from_text("0e999999999999999999", 3, 1) == 0));
  BOOST_TEST(bool(decimal_from_text("0.000000", 3, 1) == 0));
  BOOST_TEST(bool(decimal_from_text("99999999999999999999999999999999999999", 38, 0) == power_of_ten(38) - 1));
}

BOOST_AUTO_TEST_CASE(decimal_that_does_not_fit) {
  CHECK_FAILS(decimal_from_text("14.205", 9, 2), status::INVALID_ARGUMENT, "more than 2 digits");
  CHECK_FAILS(decimal_from_text("1e-1", 9, 0), status::INVALID_ARGUMENT);
  CHECK_FAILS(decimal_from_text("10000000", 9, 2), status::INVALID_ARGUMENT, "decimal(9,2)");
  CHECK_FAILS(decimal_from_text("1e1000000000", 9, 2), status::INVALID_ARGUMENT, "out of range");
  CHECK_FAILS(decimal_from_text("1e-1000000000", 9, 2), status::INVALID_ARGUMENT);
  for (const char *text : {"", "-", ".", "e5", "1e", "1e+", "1.2.3", "1 ", " 1", "0x10", "1,5", "--1", "NaN"}) {
    CHECK_FAILS(decimal_from_text(text, 9, 2), status::INVALID_ARGUMENT, "not a decimal");
  }
}

BOOST_AUTO_TEST_CASE(random_round_trips) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const int128 wide = static_cast<int128>(uint128{random()} << 64 | random()) >> (random() % 127);
    BOOST_REQUIRE(bool(int128_from_big_endian(to_big_endian(wide)) == wide));
    const int scale = static_cast<int>(random() % 39);
    const int128 unscaled = wide % power_of_ten(38);
    BOOST_REQUIRE(bool(decimal_from_text(decimal_to_text(unscaled, scale), 38, scale) == unscaled));
  }
}

BOOST_AUTO_TEST_SUITE_END()
