#include "codec/deflate.h"

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(deflate)

BOOST_AUTO_TEST_CASE(inflates_what_it_deflated) {
  for (const int level : {0, 1, 5, 12}) {
    const bytes data = bytes(100'000, 'x') + "end";
    bytes stored = "before";
    deflater(level).append_deflated(stored, data);
    bytes result(data.size(), '\0');
    const auto size = inflater().inflate(byte_view(stored).substr(6), result.data(), result.size());
    BOOST_TEST(size.value() == data.size());
    BOOST_TEST(result == data);
  }
}

BOOST_AUTO_TEST_CASE(says_when_the_space_is_too_small) {
  bytes stored;
  deflater(5).append_deflated(stored, bytes(1000, 'x'));
  bytes result(999, '\0');
  BOOST_TEST(!inflater().inflate(stored, result.data(), result.size()).has_value());
}

BOOST_AUTO_TEST_CASE(ignores_a_piece_of_a_checksum_and_no_more) {
  bytes stored;
  deflater(5).append_deflated(stored, "data");
  bytes result(4, '\0');
  BOOST_TEST(inflater().inflate(stored + "abcd", result.data(), 4).value() == 4u);
  CHECK_FAILS(inflater().inflate(stored + "abcde", result.data(), 4), status::CORRUPT, "bytes left: 5");
}

BOOST_AUTO_TEST_CASE(refuses_damage) {
  bytes result(100, '\0');
  CHECK_FAILS(inflater().inflate("\xff\xff\xff", result.data(), 100), status::CORRUPT);
  CHECK_FAILS(inflater().inflate("", result.data(), 100), status::CORRUPT);
}

BOOST_AUTO_TEST_CASE(gunzips_up_to_a_limit) {
  const bytes data(100'000, 'x');
  const bytes stored = deflater(5).gzip(data);
  BOOST_TEST(gunzip(stored, 100'000, "f") == data);
  BOOST_TEST(gunzip(stored, 1 << 30, "f") == data);
  BOOST_TEST(gunzip(stored + stored, 1 << 30, "f") == data + data);
  CHECK_FAILS(gunzip(stored, 99'999, "f"), status::CORRUPT, "limit of 99999");
  CHECK_FAILS(gunzip(stored + stored, 100'000, "f"), status::CORRUPT, "limit of 100000");
  CHECK_FAILS(gunzip("", 100, "f"), status::CORRUPT, "empty");
  CHECK_FAILS(gunzip(stored + "x", 1 << 30, "f"), status::CORRUPT);
  bytes damaged = stored;
  damaged[damaged.size() - 6] ^= 1;  // of the checksum
  CHECK_FAILS(gunzip(damaged, 1 << 30, "f"), status::CORRUPT, "damaged");
}

BOOST_AUTO_TEST_SUITE_END()
