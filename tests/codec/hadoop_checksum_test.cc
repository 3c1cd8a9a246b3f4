#include "codec/hadoop_checksum.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(hadoop_checksum)

namespace {

/// Of chunks of nine bytes, the first being "123456789", whose CRC-32 is every description's example.
const bytes one_chunk = bytes("crc\0\0\0\0\x09\xcb\xf4\x39\x26", 12);

}  // namespace

BOOST_AUTO_TEST_CASE(of_this_content) {
  BOOST_TEST(!contradicts(one_chunk, "123456789"));
  bytes two_chunks = one_chunk + one_chunk.substr(8);
  BOOST_TEST(!contradicts(two_chunks, "123456789123456789"));
}

BOOST_AUTO_TEST_CASE(of_another_content) {
  BOOST_TEST(contradicts(one_chunk, "123456780"));
  BOOST_TEST(contradicts(one_chunk, "12345678"));
  BOOST_TEST(contradicts(one_chunk, "1234567891"));  // the second chunk has no sum
  BOOST_TEST(contradicts(one_chunk.substr(0, 11), "123456789"));
}

BOOST_AUTO_TEST_CASE(what_is_no_checksum_file_says_nothing) {
  for (const bytes &file : {bytes(), bytes("crc"), bytes("crc\0\0\0", 6), bytes("CRC\0\0\0\0\x09", 8),
                            bytes("crc\0\0\0\0\0\1\2\3\4", 12)}) {
    BOOST_TEST(!contradicts(file, "123456789"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
