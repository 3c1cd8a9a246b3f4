#include "base/bytes.h"
#include "base/little_endian.h"

#include <boost/test/unit_test.hpp>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(bytes_test)

BOOST_AUTO_TEST_CASE(hex_round_trip) {
  bytes all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  BOOST_TEST(from_hex(to_hex(all)) == all);
  BOOST_TEST(to_hex(bytes("\x00\x0a\xff", 3)) == "000aff");
  BOOST_TEST(from_hex("0AfF") == bytes("\x0a\xff", 2));
  BOOST_TEST(from_hex("").empty());
}

BOOST_AUTO_TEST_CASE(hex_that_is_none) {
  CHECK_FAILS(from_hex("abc"), status::INVALID_ARGUMENT, "'abc'");
  CHECK_FAILS(from_hex("0g"), status::INVALID_ARGUMENT, "'0g'");
  CHECK_FAILS(from_hex("0x"), status::INVALID_ARGUMENT, "'0x'");
}

BOOST_AUTO_TEST_CASE(base64_of_rfc_4648) {
  BOOST_TEST(to_base64("") == "");
  BOOST_TEST(to_base64("f") == "Zg==");
  BOOST_TEST(to_base64("fo") == "Zm8=");
  BOOST_TEST(to_base64("foo") == "Zm9v");
  BOOST_TEST(to_base64("foobar") == "Zm9vYmFy");
  BOOST_TEST(to_base64("\xff\xfe\xfd") == "//79");
}

BOOST_AUTO_TEST_CASE(little_endian) {
  bytes data;
  append_le(data, std::int32_t{0x01020304});
  BOOST_TEST(data == "\x04\x03\x02\x01");
  BOOST_TEST(load_le<std::int32_t>(data.data()) == 0x01020304);
}

BOOST_AUTO_TEST_SUITE_END()
